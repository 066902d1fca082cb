//! Bodies of the reference server's endpoints, built with Midnight's own types.

use midnight_transient_crypto::curve::Fr;
use midnight_transient_crypto::proofs::{ProofPreimage, ProvingKeyMaterial, WrappedIr};
use nightshift_prover::artifacts::preimage;
use nightshift_prover::error::Code;
use nightshift_prover::ops::{Endpoint, inspect};
use nightshift_prover::tagged;
use nightshift_prover::versioned::Versioned;

use crate::fixtures::{SMALL, case, prepared};

type ProveBody = (Versioned<ProofPreimage>, Option<ProvingKeyMaterial>, Option<Fr>);
type CheckBody = (Versioned<ProofPreimage>, Option<WrappedIr>);

fn bare() -> ProofPreimage {
    preimage::read(&case("fallible-count").bytes()).unwrap()
}

fn with_binding_input(binding_input: u64) -> ProofPreimage {
    let mut preimage = bare();
    preimage.binding_input = binding_input.into();
    preimage
}

#[test]
fn a_prove_body_without_keys() {
    let body: ProveBody = (Versioned(bare()), None, None);
    let body = tagged::write(&body);
    let header = b"midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls)):";
    assert!(body.starts_with(header));
    let inspected = inspect(Endpoint::Prove, &body, None).unwrap();
    assert_eq!(inspected.key_location, "count");
    assert!(inspected.inlined.is_none() && inspected.k.is_none());
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
    let material = ProvingKeyMaterial {
        prover_key: keys.prover_bytes.clone(),
        verifier_key: keys.verifier_bytes.clone(),
        ir_source: keys.circuit.canonical_bytes(),
    };
    let body: ProveBody = (Versioned(bare()), Some(material), Some(Fr::from(7)));
    let inspected = inspect(Endpoint::Prove, &tagged::write(&body), None).unwrap();
    assert_eq!(inspected.preimage, preimage::write(with_binding_input(7)));
    assert_eq!(inspected.k, Some(6));
    let inlined = inspected.inlined.unwrap();
    assert_eq!(inlined.ir, keys.circuit.canonical_bytes());
    let inlined_keys = inlined.keys.unwrap();
    assert_eq!(inlined_keys.prover, keys.prover_bytes);
    assert_eq!(inlined_keys.verifier, keys.verifier_bytes);
}

#[test]
fn a_check_body() {
    let ir = prepared(SMALL).circuit.canonical_bytes();
    let body: CheckBody = (Versioned(bare()), Some(WrappedIr(ir.clone())));
    let body = tagged::write(&body);
    assert!(body.starts_with(b"midnight:(proof-preimage-versioned,option(wrapped-ir)):"));
    let inspected = inspect(Endpoint::Check, &body, None).unwrap();
    assert_eq!(inspected.k, Some(6));
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
    let body: CheckBody = (Versioned(bare()), None);
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
fn an_inlined_circuit_of_another_version_is_named() {
    let body: CheckBody = (Versioned(bare()), Some(WrappedIr(b"midnight:ir-source[v9]:".to_vec())));
    let failure = inspect(Endpoint::Check, &tagged::write(&body), None).unwrap_err();
    assert!(failure.message.starts_with("Unsupported ZKIR version: "));
}
