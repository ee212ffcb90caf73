// SPDX-License-Identifier: Apache-2.0
//! How is the script put into a page that arrives in pieces?

use bytes::Bytes;

use crate::charset::is_ascii_compatible;
use crate::preamble::{Preamble, Step};
use crate::script::ScriptTag;

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a page without the script must be flagged"]
pub enum Outcome {
    /// The script is in the page, once, and runs before any other.
    Injected,
    /// The page passed byte for byte, without the script.
    Untouched(Untouched),
}

/// Why a page got no script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untouched {
    /// UTF-16 or an encoding that switches by escape sequences, in which an ASCII tag is not a tag.
    #[error("the page's encoding is not compatible with ASCII; publish it as UTF-8")]
    Encoding,
    /// The page ends inside its first comment, doctype or tag: it has no element, and can run nothing.
    #[error("the page ends inside its first markup; nothing in it can run")]
    Unfinished,
}

/// Puts one script into one page. Memory is constant: five bytes of the page are held back at most.
///
/// Whatever the split of the page into pieces, the output is the same, and the output without the tag is the input.
#[derive(Debug)]
pub struct Injector {
    tag: Bytes,
    state: State,
}

#[derive(Debug)]
enum State {
    Searching(Preamble),
    Settled(Outcome),
}

impl Injector {
    /// An injector of `script` into a page whose `Content-Type` names `charset`, if it names one.
    ///
    /// A byte order mark in the page overrides the declared encoding, as in browsers; only UTF-8's does so here.
    pub fn new(script: &ScriptTag, charset: Option<&str>) -> Self {
        let state = match charset {
            Some(label) if !is_ascii_compatible(label) => State::Settled(Outcome::Untouched(Untouched::Encoding)),
            _ => State::Searching(Preamble::new()),
        };
        Self { tag: script.to_bytes(), state }
    }

    /// Takes the next piece of the page and gives what is to be sent, in order, to `emit`: at most four pieces, none
    /// empty, and nothing copied but held bytes.
    pub fn write(&mut self, piece: Bytes, mut emit: impl FnMut(Bytes)) {
        let mut emit = |bytes: Bytes| {
            if !bytes.is_empty() {
                emit(bytes);
            }
        };
        let State::Searching(preamble) = &mut self.state else { return emit(piece) };
        let held_before = Bytes::copy_from_slice(preamble.held());
        let decision = piece.iter().enumerate().find_map(|(at, byte)| match preamble.step(*byte) {
            Step::Pass => None,
            step => Some((at, step)),
        });
        // Held bytes are always the last ones seen, so they reach into earlier pieces if they are longer than this one.
        let held = preamble.held().len();
        match decision {
            None if held > piece.len() => {}
            None => {
                emit(held_before);
                emit(piece.slice(..piece.len() - held));
            }
            Some((at, Step::Before)) if held > at => {
                emit(self.settle_with_tag());
                emit(held_before);
                emit(piece);
            }
            Some((at, Step::Before)) => self.split(held_before, piece, at - held, emit),
            Some((at, Step::After)) => self.split(held_before, piece, at + 1, emit),
            Some((_, Step::Encoding | Step::Pass)) => {
                self.state = State::Settled(Outcome::Untouched(Untouched::Encoding));
                emit(held_before);
                emit(piece);
            }
        }
    }

    /// Ends the page: gives what is still to be sent to `emit` and says what became of it.
    pub fn end(mut self, mut emit: impl FnMut(Bytes)) -> Outcome {
        let preamble = match &self.state {
            State::Settled(outcome) => return *outcome,
            State::Searching(preamble) => preamble,
        };
        let held = Bytes::copy_from_slice(preamble.held());
        if !preamble.may_end_here() {
            return Outcome::Untouched(Untouched::Unfinished);
        }
        emit(self.settle_with_tag());
        if !held.is_empty() {
            emit(held);
        }
        Outcome::Injected
    }

    /// What became of the page, once that is known.
    pub fn outcome(&self) -> Option<Outcome> {
        match self.state {
            State::Searching(_) => None,
            State::Settled(outcome) => Some(outcome),
        }
    }

    fn split(&mut self, held_before: Bytes, mut piece: Bytes, at: usize, mut emit: impl FnMut(Bytes)) {
        emit(held_before);
        emit(piece.split_to(at));
        emit(self.settle_with_tag());
        emit(piece);
    }

    fn settle_with_tag(&mut self) -> Bytes {
        self.state = State::Settled(Outcome::Injected);
        std::mem::take(&mut self.tag)
    }
}
