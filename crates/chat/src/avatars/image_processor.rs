//! Makes the squares, one image at a time: each may take 200 MB for a moment.

use super::{Upload, child, squares::squares, turns::Turns};
use crate::internal_error;
use domain::{avatars::Crop, error::AppError, ids::UserId};
use std::{io::BufReader, path::PathBuf, sync::Arc};
use store::EncodedImage;
use tokio::task::spawn_blocking;

#[derive(Clone)]
pub(crate) struct ImageProcessor {
    turns: Turns<UserId>,
    /// The program whose child processes decode. Without one, images are decoded on a thread of this process,
    /// which keeps some of the memory for a while.
    program: Option<Arc<PathBuf>>,
}

impl ImageProcessor {
    pub fn new(program: Option<PathBuf>) -> Self {
        Self { turns: Turns::new(), program: program.map(Arc::new) }
    }

    /// The image in each of its sizes, or why it is none.
    pub async fn process(
        &self,
        user: UserId,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<Vec<EncodedImage>, AppError> {
        let turn = self.turns.take(user).await;
        if let Some(program) = &self.program {
            return child::run(program, upload, crop).await;
        }
        let decoding = spawn_blocking(move || {
            let _turn = turn;
            let file = upload.into_file().map_err(|_| AppError::UnreadableImage)?;
            squares(BufReader::new(file), crop)
        });
        match decoding.await {
            Ok(decoded) => decoded,
            // A decoder that trips over a file has not read it either.
            Err(error) if error.is_panic() => Err(AppError::UnreadableImage),
            Err(error) => Err(internal_error(&error)),
        }
    }
}
