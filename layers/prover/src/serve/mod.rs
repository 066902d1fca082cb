//! Serves requests from a parent process, one after the other, as frames of MessagePack on stdin and stdout.

mod keys;
mod requests;
mod session;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;

use rmp_serde::Serializer;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::answers::Reply;
use crate::error::{Failure, Result};
use crate::frames::{self, Broken};
use crate::heap::end_out_of_memory;
use crate::limits::{self, MAX_FRAME_BYTES};
use crate::memory;
use session::Session;

/// Serves until stdin ends.
///
/// # Errors
/// When stdin or stdout fail, or the frames can't be told apart any more.
pub fn serve() -> io::Result<()> {
    if let Some(bytes) = limits::memory_bytes() {
        memory::limit(bytes)?;
    }
    start_threads();
    let mut output = BufWriter::new(claim_stdout()?);
    let mut input = io::stdin().lock();
    let mut session = Session::new(limits::cache_bytes());
    loop {
        let reply = match frames::read(&mut input, MAX_FRAME_BYTES) {
            Ok(Some(frame)) => session.answer(&frame),
            Ok(None) => return Ok(()),
            Err(Broken::TooLarge(bytes)) => {
                let failure =
                    Failure::invalid_request(format!("The request has {bytes} bytes, of at most {MAX_FRAME_BYTES}."));
                frames::write(&mut output, &encode::<()>(None, Err(failure)))?;
                return Err(io::ErrorKind::InvalidData.into());
            }
            Err(Broken::Io(error)) => return Err(error),
        };
        frames::write(&mut output, &reply)?;
    }
}

/// Starts the threads that prove. They would start by themselves when they are first needed, but what stands in their way
/// then, memory for their stacks, would look like a failed proof.
fn start_threads() {
    if rayon::ThreadPoolBuilder::new().build_global().is_err() {
        end_out_of_memory();
    }
}

/// Takes stdout for the frames alone: the proving libraries print warnings there, which go nowhere from now on.
fn claim_stdout() -> io::Result<impl Write> {
    let claimed = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdout(File::options().write(true).open("/dev/null")?)?;
    Ok(File::from(claimed))
}

/// A reply's bytes, wiped when dropped since they may hold a witness.
fn encode<T: Serialize>(id: Option<u32>, outcome: Result<T>) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::new());
    Reply::new(id, outcome)
        .serialize(&mut Serializer::new(&mut *bytes).with_struct_map())
        .expect("writing to memory does not fail");
    bytes
}
