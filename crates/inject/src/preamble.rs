// SPDX-License-Identifier: Apache-2.0
//! Where in a page does the first executable thing belong?
//!
//! A tokenizer for what may stand before it, after the WHATWG HTML Standard, section 13.2.5 "Tokenization", and the
//! insertion modes "initial", "before html" and "before head": whitespace, comments, doctypes and `<html>` tags are
//! passed over; the script belongs after the first `<head>` tag, or else before the first byte of anything else, which
//! makes a browser open `<head>` by itself.

/// Bytes that may have to be looked at again: `<head` or `<html`.
const MAX_HELD: usize = 5;

/// What one byte decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The place is not reached yet.
    Pass,
    /// The script belongs before the held bytes and this one.
    Before,
    /// The script belongs right after this byte.
    After,
    /// No ASCII page has this byte here: it is UTF-16, or in an encoding that switches by escape sequences.
    Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the start, n bytes into a byte order mark.
    Mark(u8),
    /// Between tokens.
    Data,
    /// After `<`, with the tag name so far in `held`.
    TagOpen,
    /// After `</`.
    EndTagOpen,
    /// After `<!`.
    Declaration,
    /// After `<!-`.
    DeclarationDash,
    /// Up to the next `>`: doctype, `<?…>`, `</ …>` and other broken comments.
    Bogus,
    Comment(Comment),
    /// In the `<html>` or, if so marked, the `<head>` tag.
    Tag(Tag),
}

/// Places in `<!-- … -->`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comment {
    /// `<!--`
    Start,
    /// `<!---`
    StartDash,
    Text,
    /// `-`
    Dash,
    /// `--`
    DashDash,
    /// `--!`
    Bang,
}

/// Places in a start tag after its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    /// Where an attribute may begin.
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Quoted(u8),
    Unquoted,
}

/// The scanner: fed byte by byte until it says where the script belongs.
#[derive(Debug)]
pub(crate) struct Preamble {
    state: State,
    in_head_tag: bool,
    held: [u8; MAX_HELD],
    held_len: usize,
}

impl Preamble {
    pub(crate) fn new() -> Self {
        Self { state: State::Mark(0), in_head_tag: false, held: [0; MAX_HELD], held_len: 0 }
    }

    /// Bytes seen that must come after the script if the next step is [`Step::Before`].
    pub(crate) fn held(&self) -> &[u8] {
        &self.held[..self.held_len]
    }

    /// May a script be appended where the page ends? Not inside markup that never ended.
    pub(crate) fn may_end_here(&self) -> bool {
        matches!(self.state, State::Mark(_) | State::Data | State::TagOpen | State::EndTagOpen)
    }

    pub(crate) fn step(&mut self, byte: u8) -> Step {
        if byte == 0 || byte == 0x1B {
            return Step::Encoding;
        }
        match self.state {
            State::Mark(seen) => self.mark(seen, byte),
            State::Data => self.data(byte),
            State::TagOpen => self.tag_open(byte),
            State::EndTagOpen => self.end_tag_open(byte),
            State::Declaration => self.declaration(byte),
            State::DeclarationDash if byte == b'-' => self.go(State::Comment(Comment::Start)),
            State::DeclarationDash | State::Bogus => self.bogus(byte),
            State::Comment(place) => self.comment(place, byte),
            State::Tag(place) => self.tag(place, byte),
        }
    }

    fn go(&mut self, state: State) -> Step {
        self.state = state;
        self.held_len = 0;
        Step::Pass
    }

    fn hold(&mut self, byte: u8, state: State) -> Step {
        let Some(place) = self.held.get_mut(self.held_len) else { return Step::Before };
        *place = byte;
        self.held_len += 1;
        self.state = state;
        Step::Pass
    }

    /// A UTF-8 mark must stay first; one that is not complete is text, and a UTF-16 one refuses the page.
    fn mark(&mut self, seen: u8, byte: u8) -> Step {
        match (seen, byte) {
            (0, 0xFE | 0xFF) => Step::Encoding,
            (0, 0xEF) => self.hold(byte, State::Mark(1)),
            (1, 0xBB) => self.hold(byte, State::Mark(2)),
            (2, 0xBF) => self.go(State::Data),
            (0, _) => self.data(byte),
            _ => Step::Before,
        }
    }

    fn data(&mut self, byte: u8) -> Step {
        match byte {
            _ if is_space(byte) => self.go(State::Data),
            b'<' => self.hold(byte, State::TagOpen),
            _ => Step::Before,
        }
    }

    fn tag_open(&mut self, byte: u8) -> Step {
        match (self.held_len, byte) {
            (1, b'!') => self.go(State::Declaration),
            (1, b'?') => self.go(State::Bogus),
            (1, b'/') => self.hold(byte, State::EndTagOpen),
            (1..MAX_HELD, _) if byte.is_ascii_alphabetic() => self.hold(byte, State::TagOpen),
            (MAX_HELD, _) if is_space(byte) || byte == b'/' || byte == b'>' => self.name_ended(byte),
            _ => Step::Before,
        }
    }

    fn name_ended(&mut self, byte: u8) -> Step {
        self.in_head_tag = self.held().eq_ignore_ascii_case(b"<head");
        if !self.in_head_tag && !self.held().eq_ignore_ascii_case(b"<html") {
            return Step::Before;
        }
        self.held_len = 0;
        self.tag(Tag::BeforeName, byte)
    }

    /// `</>` is nothing, `</` and no letter begins a broken comment; an end tag may make a browser open the body.
    fn end_tag_open(&mut self, byte: u8) -> Step {
        match byte {
            b'>' => self.go(State::Data),
            _ if byte.is_ascii_alphabetic() => Step::Before,
            _ => self.go(State::Bogus),
        }
    }

    fn declaration(&mut self, byte: u8) -> Step {
        match byte {
            b'-' => self.go(State::DeclarationDash),
            _ => self.bogus(byte),
        }
    }

    fn bogus(&mut self, byte: u8) -> Step {
        self.go(if byte == b'>' { State::Data } else { State::Bogus })
    }

    fn comment(&mut self, place: Comment, byte: u8) -> Step {
        use Comment::{Bang, Dash, DashDash, Start, StartDash, Text};
        let next = match (place, byte) {
            (Start | StartDash | DashDash | Bang, b'>') => return self.go(State::Data),
            (Start, b'-') => StartDash,
            (StartDash | Dash | DashDash, b'-') => DashDash,
            (DashDash, b'!') => Bang,
            (Text | Bang, b'-') => Dash,
            _ => Text,
        };
        self.go(State::Comment(next))
    }

    fn tag(&mut self, place: Tag, byte: u8) -> Step {
        use Tag::{AfterName, BeforeName, BeforeValue, Name, Quoted, Unquoted};
        let next = match (place, byte) {
            (Quoted(quote), _) => {
                if byte == quote {
                    BeforeName
                } else {
                    place
                }
            }
            (_, b'>') => return self.tag_ended(),
            (Unquoted, _) => {
                if is_space(byte) {
                    BeforeName
                } else {
                    Unquoted
                }
            }
            (BeforeValue, b'"' | b'\'') => Quoted(byte),
            (BeforeValue, _) => {
                if is_space(byte) {
                    BeforeValue
                } else {
                    Unquoted
                }
            }
            (_, b'/') => BeforeName,
            (Name | AfterName, b'=') => BeforeValue,
            (BeforeName, _) if is_space(byte) => BeforeName,
            (Name | AfterName, _) if is_space(byte) => AfterName,
            _ => Name,
        };
        self.go(State::Tag(next))
    }

    fn tag_ended(&mut self) -> Step {
        if self.in_head_tag {
            return Step::After;
        }
        self.go(State::Data)
    }
}

/// What HTML calls ASCII whitespace.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}
