//! Bodies of the reference server's endpoints, built with Midnight's own types.

use std::sync::Arc;

use midnight_ledger::structure::ProofPreimageVersioned;
use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{ProofPreimage, ProvingKeyMaterial, WrappedIr};
use nightshift_prover::artifacts::preimage;
use nightshift_prover::error::Code;
use nightshift_prover::ops::{Endpoint, inspect};
use nightshift_prover::tagged;

use crate::fixtures::{SMALL, case, key_material, prepared};

type ProveBody = (ProofPreimageVersioned, Option<ProvingKeyMaterial>, Option<Fr>);
type CheckBody = (ProofPreimageVersioned, Option<WrappedIr>);

fn bare() -> ProofPreimage {
    preimage::read(&case("fallible-count").bytes()).unwrap()
}

fn versioned(preimage: ProofPreimage) -> ProofPreimageVersioned {
    ProofPreimageVersioned::V2(Arc::new(preimage))
}

fn with_binding_input(binding_input: u64) -> ProofPreimage {
    let mut preimage = bare();
    preimage.binding_input = binding_input.into();
    preimage
}

#[test]
fn a_prove_body_without_keys() {
    let body: ProveBody = (versioned(bare()), None, None);
    let body = tagged::write(&body);
    let header = b"midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls)):";
    assert!(body.starts_with(header));
    let inspected = inspect(Endpoint::Prove, &body, None).unwrap();
    assert_eq!(inspected.key_location, "count");
    assert!(inspected.inlined.is_none() && inspected.size.is_none());
    assert!(
        inspected
            .preimage
            .starts_with(b"midnight:proof-preimage-versioned:\x01")
    );
    assert_eq!(preimage::read(&inspected.preimage).unwrap(), bare());
}

#[test]
fn a_prove_body_with_keys_and_a_binding_input() {
    let keys = prepared(SMALL);
    let body: ProveBody = (versioned(bare()), Some(key_material(SMALL)), Some(Fr::from(7)));
    let inspected = inspect(Endpoint::Prove, &tagged::write(&body), None).unwrap();
    assert_eq!(inspected.preimage, preimage::write(with_binding_input(7)));
    assert_eq!(inspected.size, Some(keys.circuit.size().unwrap()));
    let inlined = inspected.inlined.unwrap();
    assert_eq!(inlined.ir, keys.circuit.canonical_bytes());
    let inlined_keys = inlined.keys.unwrap();
    assert_eq!(inlined_keys.prover, keys.prover_bytes);
    assert_eq!(inlined_keys.verifier, keys.verifier_bytes);
}

#[test]
fn a_check_body() {
    let ir = prepared(SMALL).circuit.canonical_bytes();
    let body: CheckBody = (versioned(bare()), Some(WrappedIr(ir.clone())));
    let body = tagged::write(&body);
    assert!(body.starts_with(b"midnight:(proof-preimage-versioned,option(wrapped-ir)):"));
    let inspected = inspect(Endpoint::Check, &body, None).unwrap();
    assert_eq!(inspected.size.unwrap().k, 6);
    let inlined = inspected.inlined.unwrap();
    assert!(inlined.ir == ir && inlined.keys.is_none());
}

#[test]
fn a_preimage_alone_with_a_binding_input_beside_it() {
    let canonical = preimage::write(bare());
    for bytes in [case("fallible-count").bytes(), canonical] {
        let inspected = inspect(Endpoint::Preimage, &bytes, Some(9.into())).unwrap();
        assert_eq!(inspected.preimage, preimage::write(with_binding_input(9)));
    }
}

#[test]
fn bad_bodies_get_the_references_text() {
    let body: CheckBody = (versioned(bare()), None);
    let body = tagged::write(&body);
    let error = |endpoint, body: &[u8]| {
        let failure = inspect(endpoint, body, None).unwrap_err();
        assert_eq!(failure.code, Code::InvalidRequest);
        failure.message
    };
    let check_tag = "midnight:(proof-preimage-versioned,option(wrapped-ir)):";
    assert_eq!(
        error(Endpoint::Check, b""),
        format!("expected header tag '{check_tag}', got ''")
    );
    assert_eq!(
        error(Endpoint::Check, &[0; 1024]),
        format!(
            "expected header tag '{check_tag}', got '{}'",
            "\u{fffd}".repeat(check_tag.len())
        )
    );
    assert_eq!(
        error(Endpoint::Check, &body.repeat(2)),
        format!(
            "Not all bytes read deserializing '{check_tag}'; {} bytes remaining",
            body.len()
        )
    );
    assert_eq!(
        error(Endpoint::Check, &body[..body.len() - 1]),
        "failed to fill whole buffer"
    );
    let prove_tag = "midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls)):";
    assert!(error(Endpoint::Prove, &body).starts_with(&format!("expected header tag '{prove_tag}', got '{check_tag}")));
}

#[test]
fn a_body_of_another_version_is_told_what_is_spoken() {
    const SPOKEN: &str = "; this server speaks proof version V2 and ZKIR version v2";
    let error = |endpoint, body: &[u8]| inspect(endpoint, body, None).unwrap_err().message;
    let header = "midnight:(proof-preimage-versioned,option(wrapped-ir)):";
    assert_eq!(
        error(
            Endpoint::Check,
            b"midnight:(proof-preimage-versioned[v2],option(wrapped-ir)):\x02"
        ),
        format!(
            "expected header tag '{header}', got 'midnight:(proof-preimage-versioned[v2],option(wrapped-i'{SPOKEN}"
        )
    );
    let another = |discriminant: u8| [header.as_bytes(), &[discriminant, 0, 0]].concat();
    assert_eq!(
        error(Endpoint::Check, &another(2)),
        format!("unknown discriminant for ProofPreimageVersioned: 2{SPOKEN}")
    );
    assert_eq!(
        error(Endpoint::Check, &another(0)),
        format!("invalid old discriminant for ProofPreimageVersioned: 0{SPOKEN}")
    );
}

#[test]
fn an_inlined_circuit_that_cannot_be_read_has_its_own_code() {
    for (ir, reason) in [
        (
            &b"midnight:ir-source[v3]:"[..],
            "this is ir-source[v3], and this server reads ir-source[v2]",
        ),
        (b"junk", "expected header tag 'midnight:ir-source[v2]:', got 'junk'"),
    ] {
        let body: CheckBody = (versioned(bare()), Some(WrappedIr(ir.to_vec())));
        let failure = inspect(Endpoint::Check, &tagged::write(&body), None).unwrap_err();
        assert_eq!(failure.code, Code::InvalidCircuit);
        assert_eq!(failure.message, format!("Unsupported ZKIR version: {reason}"));
    }
}
