//! A part of a file as the body of an answer, read as it is sent: a long recording is never whole in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// Read at a time.
const BLOCK: u64 = 64 * 1024;

pub(super) struct Part {
    file: File,
    left: u64,
}

impl Part {
    pub(super) fn of(mut file: File, range: Range<u64>) -> io::Result<Self> {
        file.seek(SeekFrom::Start(range.start))?;
        Ok(Self { file, left: range.end - range.start })
    }
}

impl Body for Part {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut block = vec![0; usize::try_from(self.left.min(BLOCK)).unwrap_or(0)];
        // from the machine's own disk, for one listener: there is nobody else who would have to wait
        Poll::Ready(Some(self.file.read_exact(&mut block).map(|()| {
            self.left -= block.len() as u64;
            Frame::data(Bytes::from(block))
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
