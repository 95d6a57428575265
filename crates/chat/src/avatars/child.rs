//! Decoding in a child process: its memory is given back when it ends, and a decoder that crashes or hangs on a
//! file takes nothing else with it. The child reads the upload from stdin and writes to stdout a line of JSON,
//! the lengths of the encoded images or the error, followed by their bytes.

use super::{Upload, squares::squares};
use crate::internal_error;
use bytes::Bytes;
use domain::{
    avatars::{Crop, Size},
    error::AppError,
};
use std::{
    fs::File,
    io::{self, BufReader, Write},
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};
use store::EncodedImage;
use tokio::{process::Command, task::spawn_blocking, time::timeout};

/// The subcommand of the program that runs [`decode_image`].
pub const DECODE_IMAGE: &str = "decode-image";
/// The costliest image takes some seconds on a slow machine.
const DECODES_WITHIN: Duration = Duration::from_mins(1);

type Lengths = Result<Vec<usize>, AppError>;

/// What the child process does: makes the squares of the image in `file`, and writes them to `out`.
///
/// # Errors
///
/// Where nothing could be written to `out`. An image that cannot be read is an answer.
pub fn decode_image(file: File, crop: Option<Crop>, mut out: impl Write) -> io::Result<()> {
    let decoded = squares(BufReader::new(file), crop);
    let lengths = decoded.as_ref().map(|images| images.iter().map(|image| image.bytes.len()));
    let lengths: Lengths = lengths.map(Iterator::collect).map_err(Clone::clone);
    serde_json::to_writer(&mut out, &lengths)?;
    out.write_all(b"\n")?;
    for image in decoded.iter().flatten() {
        out.write_all(&image.bytes)?;
    }
    out.flush()
}

/// Runs the child. It is killed where the caller no longer waits, or it takes too long.
pub async fn run(
    program: &Path,
    upload: Upload,
    crop: Option<Crop>,
) -> Result<Vec<EncodedImage>, AppError> {
    let opening = spawn_blocking(move || upload.into_file());
    let file = opening.await.map_err(|error| internal_error(&error))?;
    let file =
        file.map_err(|error| internal_error(&format!("an upload could not be kept: {error}")))?;
    let mut command = Command::new(program);
    command.arg(DECODE_IMAGE).args(crop.map(|crop| crop.to_string()));
    // It needs nothing that the operator has set, and knows none of it.
    command.env_clear().stdin(file).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.kill_on_drop(true).output();
    let Ok(output) = timeout(DECODES_WITHIN, child).await else {
        tracing::warn!("an image took too long to decode");
        return Err(AppError::UnreadableImage);
    };
    let output = output.map_err(|error| {
        internal_error(&format!("{} cannot be run: {error}", program.display()))
    })?;
    if let Some(decoded) = parse(&output) {
        return decoded;
    }
    tracing::warn!(status = %output.status, "an image could not be decoded");
    Err(AppError::UnreadableImage)
}

/// What the child wrote. None where it has not come to its end.
fn parse(output: &Output) -> Option<Result<Vec<EncodedImage>, AppError>> {
    let end = output.stdout.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = output.stdout.split_at_checked(end)?;
    let lengths = match serde_json::from_slice::<Lengths>(line).ok()? {
        Ok(lengths) => lengths,
        Err(error) => return Some(Err(error)),
    };
    let mut rest = rest.get(1..)?;
    let mut images = Vec::new();
    for (size, length) in Size::ALL.into_iter().zip(lengths) {
        let (bytes, others) = rest.split_at_checked(length)?;
        images.push(EncodedImage { size, bytes: Bytes::copy_from_slice(bytes) });
        rest = others;
    }
    (images.len() == Size::ALL.len() && rest.is_empty()).then_some(Ok(images))
}
