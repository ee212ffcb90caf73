// SPDX-License-Identifier: Apache-2.0
//! What a community file may say, and where exactly it is wrong when it is.

mod lines;

use std::{collections::HashMap, ops::RangeInclusive};

use kith_keyring::Address;
use kith_primitives::{doug::DougRules, name::ResourceName, parameters::Parameters};
use lines::Lines;
use serde::Deserialize;
use toml::Spanned;

/// Milliseconds of a block.
const BLOCK_TIME: RangeInclusive<u64> = 500..=60_000;
/// Blocks of an epoch.
const EPOCH: RangeInclusive<u64> = 10..=100_000;
/// The chain's arithmetic and its wallets count on it.
const DECIMALS: u8 = 12;
/// The most whole tokens a founder starts with: what a genesis file can write.
const MAX_BALANCE: u64 = u64::MAX / 1_000_000_000_000;
/// Founders at most: they all vouch for one another.
const MAX_FOUNDERS: usize = 64;
/// A longer file is none a person wrote.
const MAX_FILE_BYTES: usize = 1024 * 1024;

/// A community file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommunityFile {
    pub(crate) name: Spanned<String>,
    pub(crate) chain: Chain,
    #[serde(default)]
    pub(crate) token: Token,
    constitution: Option<Spanned<Parameters>>,
    doug: Option<Spanned<DougRules>>,
    pub(crate) founders: Spanned<Vec<Founder>>,
}

/// The chain's pace.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chain {
    pub(crate) block_time_ms: Spanned<u64>,
    pub(crate) epoch_blocks: Spanned<u64>,
}

/// The community's token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    pub(crate) symbol: Spanned<String>,
    decimals: Spanned<u8>,
}

impl Default for Token {
    fn default() -> Self {
        Self { symbol: Spanned::new(0..0, "KITH".into()), decimals: Spanned::new(0..0, DECIMALS) }
    }
}

/// One founder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Founder {
    /// For those who read the file; the chain does not know it.
    #[serde(default)]
    #[expect(dead_code, reason = "read by people")]
    name: Option<String>,
    address: Spanned<String>,
    encryption_key: Spanned<String>,
    #[serde(default)]
    balance: Option<Spanned<u64>>,
    validator: Option<Validator>,
}

/// A founder's session keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Validator {
    babe: Spanned<String>,
    grandpa: Spanned<String>,
}

/// A founder, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CheckedFounder {
    pub(crate) account: Address,
    pub(crate) encryption_key: [u8; 32],
    pub(crate) balance: u64,
    /// BABE's and GRANDPA's public keys.
    pub(crate) validator: Option<([u8; 32], [u8; 32])>,
}

/// Why a file founds no community.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("cannot read {path}: {cause}")]
    Unreadable { path: std::path::PathBuf, cause: std::io::Error },
    #[error("this is no community file: {0}`kith community example` prints one to start from")]
    Malformed(Box<toml::de::Error>),
    #[error("line {line}: {what}. {fix}")]
    Wrong { line: usize, what: String, fix: String },
    #[error("the file is longer than a community's: {0} bytes")]
    TooLong(usize),
}

/// A community that can be founded.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) block_time_ms: u64,
    pub(crate) epoch_blocks: u64,
    pub(crate) symbol: String,
    pub(crate) parameters: Parameters,
    pub(crate) doug: DougRules,
    pub(crate) founders: Vec<CheckedFounder>,
}

impl CommunityFile {
    /// Reads and checks a file.
    pub(crate) fn read(path: &std::path::Path) -> Result<Checked, FileError> {
        let text = std::fs::read_to_string(path).map_err(|cause| FileError::Unreadable { path: path.into(), cause })?;
        Self::parse(&text)
    }

    /// Checks a file's text.
    pub(crate) fn parse(text: &str) -> Result<Checked, FileError> {
        if text.len() > MAX_FILE_BYTES {
            return Err(FileError::TooLong(text.len()));
        }
        let file: Self = toml::from_str(text).map_err(|cause| FileError::Malformed(Box::new(cause)))?;
        let lines = Lines(text);
        let founders = file.founders(&lines)?;
        Ok(Checked {
            name: file.name(&lines)?,
            block_time_ms: file.block_time(&lines)?,
            epoch_blocks: lines.within(&file.chain.epoch_blocks, "epoch_blocks", EPOCH)?,
            symbol: file.symbol(&lines)?,
            parameters: file.parameters(&lines, founders.len())?,
            doug: file.doug(&lines)?,
            founders,
        })
    }

    fn name(&self, lines: &Lines<'_>) -> Result<String, FileError> {
        let name = self.name.get_ref();
        ResourceName::parse(name.as_bytes()).map_err(|_| {
            lines.wrong(
                self.name.span(),
                format!("`{name}` cannot be a community's name"),
                "Use 3 to 63 of a-z, 0-9 and single hyphens, and none of the names that mean something already",
            )
        })?;
        Ok(name.clone())
    }

    fn block_time(&self, lines: &Lines<'_>) -> Result<u64, FileError> {
        let given = &self.chain.block_time_ms;
        let block_time = lines.within(given, "block_time_ms", BLOCK_TIME)?;
        // Half of it is the least time the chain allows between two blocks.
        if block_time % 2 == 0 {
            return Ok(block_time);
        }
        Err(lines.wrong(given.span(), format!("`block_time_ms` is {block_time}"), "It must be an even number"))
    }

    fn symbol(&self, lines: &Lines<'_>) -> Result<String, FileError> {
        let symbol = self.token.symbol.get_ref();
        if !(1..=8).contains(&symbol.len()) || !symbol.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(lines.wrong(
                self.token.symbol.span(),
                format!("`{symbol}` is no token symbol"),
                "Use 1 to 8 capital letters",
            ));
        }
        if *self.token.decimals.get_ref() != DECIMALS {
            return Err(lines.wrong(
                self.token.decimals.span(),
                "the token has another number of decimals than the chain counts with",
                format!("Write {DECIMALS}, or leave the line out"),
            ));
        }
        Ok(symbol.clone())
    }

    fn parameters(&self, lines: &Lines<'_>, founders: usize) -> Result<Parameters, FileError> {
        let default = Parameters { admission_threshold: 1, ..Default::default() };
        let (parameters, section) = match &self.constitution {
            Some(given) => (given.get_ref().clone(), given.span()),
            None => (default, self.founders.span()),
        };
        if let Some((name, value, least, most)) = parameters.out_of_bounds() {
            let what = format!("`{name}` is {value}");
            return Err(lines.wrong(lines.key(name, section), what, format!("It must lie from {least} to {most}")));
        }
        let threshold = usize::try_from(parameters.admission_threshold).unwrap_or(usize::MAX);
        if threshold >= founders && founders > 1 || threshold > founders {
            let most = founders.saturating_sub(1).max(1);
            return Err(lines.wrong(
                lines.key("admission_threshold", section),
                format!(
                    "`admission_threshold` is {threshold}, and there are {founders} founders to vouch for one another"
                ),
                format!(
                    "Nobody could ever join, and no founder keep their place: write at most {most}, or add founders"
                ),
            ));
        }
        let stock = usize::try_from(parameters.vouch_stock).unwrap_or(usize::MAX);
        let others = founders.saturating_sub(1);
        if stock < others {
            return Err(lines.wrong(
                lines.key("vouch_stock", section),
                format!("`vouch_stock` is {stock}, and each founder vouches for {others} others"),
                format!("Write `vouch_stock = {others}` or more into [constitution], or begin with fewer founders"),
            ));
        }
        Ok(parameters)
    }

    fn doug(&self, lines: &Lines<'_>) -> Result<DougRules, FileError> {
        let Some(given) = &self.doug else { return Ok(DougRules::default()) };
        match given.get_ref().out_of_bounds() {
            None => Ok(*given.get_ref()),
            Some((name, value, least, most)) => {
                let what = format!("`{name}` is {value}");
                let fix = format!("It must lie from {least} to {most}");
                Err(lines.wrong(lines.key(name, given.span()), what, fix))
            }
        }
    }

    fn founders(&self, lines: &Lines<'_>) -> Result<Vec<CheckedFounder>, FileError> {
        let founders = self.founders.get_ref();
        if founders.is_empty() || founders.len() > MAX_FOUNDERS {
            let what = format!("there are {} founders", founders.len());
            return Err(lines.wrong(
                self.founders.span(),
                what,
                format!("A community is founded by 1 to {MAX_FOUNDERS}"),
            ));
        }
        let mut seen: HashMap<(&str, [u8; 32]), usize> = HashMap::new();
        let mut checked = Vec::new();
        for (index, founder) in founders.iter().enumerate() {
            let one = founder.check(lines)?;
            let mut keys = vec![
                ("person", one.account.account(), &founder.address),
                ("person", one.encryption_key, &founder.encryption_key),
            ];
            if let (Some((babe, grandpa)), Some(said)) = (one.validator, &founder.validator) {
                keys.extend([("babe", babe, &said.babe), ("grandpa", grandpa, &said.grandpa)]);
            }
            for (kind, key, place) in keys {
                if let Some(earlier) = seen.insert((kind, key), index) {
                    let what = format!("founder {} has the key of founder {}", index + 1, earlier + 1);
                    return Err(lines.wrong(
                        place.span(),
                        what,
                        "Each founder is a different person, with keys of their own",
                    ));
                }
            }
            checked.push(one);
        }
        if checked.iter().all(|founder| founder.validator.is_none()) {
            return Err(lines.wrong(
                self.founders.span(),
                "no founder validates, so no block would ever be made",
                "Give at least one founder a `validator = { babe = …, grandpa = … }`",
            ));
        }
        Ok(checked)
    }
}

impl Founder {
    fn check(&self, lines: &Lines<'_>) -> Result<CheckedFounder, FileError> {
        let address = self.address.get_ref();
        let account = address.parse::<Address>().map_err(|_| {
            lines.wrong(
                self.address.span(),
                format!("`{address}` is no address"),
                "Copy the line that `kith init` printed for this founder",
            )
        })?;
        let balance = self.balance.as_ref().map_or(0, |balance| *balance.get_ref());
        if balance > MAX_BALANCE {
            let place = self.balance.as_ref().map_or(0..0, Spanned::span);
            let what = format!("a founder starts with {balance} tokens");
            return Err(lines.wrong(place, what, format!("At most {MAX_BALANCE} can be written into a genesis")));
        }
        let validator = match &self.validator {
            Some(keys) => Some((lines.public_key(&keys.babe)?, lines.public_key(&keys.grandpa)?)),
            None => None,
        };
        Ok(CheckedFounder { account, encryption_key: lines.public_key(&self.encryption_key)?, balance, validator })
    }
}

#[cfg(test)]
mod tests;
