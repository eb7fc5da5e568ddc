//! What a count is asked for and what it gives: answers in, stages, ties and who is elected out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::number::{Number, Units};

/// Why no sheet was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A lot is needed between these, at this stage, and there is no seed.
    Tie { names: Vec<String>, stage: usize },
    /// The rules move whole papers, and there is neither a recorded order of them nor a seed to draw one.
    Order,
    /// This path does not count so: the caller should use the other one.
    Unknown(String),
}

impl Refused {
    pub(crate) fn unknown(question: &str, answer: &str) -> Self {
        Self::Unknown(format!("{question}: {answer}"))
    }
}

/// A rule set's answers, word for word as its file gives them, by question; and its "family".
#[derive(Clone, Debug, Default)]
pub struct Parameters(pub BTreeMap<String, String>);

impl Parameters {
    /// The answer to one question.
    ///
    /// # Errors
    /// `Refused::Unknown` where there is none.
    pub fn text(&self, name: &str) -> Result<&str, Refused> {
        self.0.get(name).map(String::as_str).ok_or_else(|| Refused::unknown(name, "nothing is said"))
    }

    /// An answer that is a whole number.
    ///
    /// # Errors
    /// `Refused::Unknown` where there is none.
    pub fn number(&self, name: &str) -> Result<u32, Refused> {
        let text = self.text(name)?;
        text.parse().map_err(|_| Refused::unknown(name, text))
    }

    /// Which of these the answer is, by its place.
    ///
    /// # Errors
    /// `Refused::Unknown` for any other answer.
    pub fn one_of(&self, name: &str, answers: &[&str]) -> Result<usize, Refused> {
        let text = self.text(name)?;
        answers.iter().position(|&one| one == text).ok_or_else(|| Refused::unknown(name, text))
    }
}

/// Papers that went one way at one stage. giver: none for first preferences; heir: none for what had nobody left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer<N = Units> {
    pub giver: Option<usize>,
    pub heir: Option<usize>,
    pub papers: u64,
    /// What each is worth: so many units over `under`.
    pub value: N,
    pub under: Units,
    pub votes: N,
}

/// One stage: the act, and where every vote is after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage<N = Units> {
    pub number: usize,
    pub part: usize,
    pub act: String,
    pub tallies: Vec<N>,
    pub non_transferable: N,
    pub rounding: N,
    pub set_aside: N,
    pub elected: Vec<usize>,
    pub excluded: Vec<usize>,
    pub transfers: Vec<Transfer<N>>,
    pub figures: Vec<(String, N)>,
}

/// A tie that had to be resolved; stage: the one the decision is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    pub between: Vec<usize>,
    pub by: &'static str,
    pub chosen: usize,
    pub purpose: &'static str,
    pub stage: usize,
}

/// The whole count. quota: units, none where the rules have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet<N = Units> {
    pub places: u32,
    pub quota: Option<N>,
    pub stages: Vec<Stage<N>>,
    pub ties: Vec<Tie>,
    pub elected: Vec<usize>,
}

impl<N: Number> Sheet<N> {
    /// As JSON: candidates by position, votes as whole numbers of units, or as texts of fractions of them.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(256 * self.stages.len() + 256);
        let _ = write!(out, "{{\"places\":{},\"elected\":{:?},\"quota\":", self.places, self.elected);
        match &self.quota {
            Some(quota) => quota.write(&mut out),
            None => out.push_str("null"),
        }
        out.push_str(",\"stages\":[");
        for (at, stage) in self.stages.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            stage.write(&mut out);
        }
        out.push_str("],\"ties\":[");
        for (at, tie) in self.ties.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let Tie { between, by, chosen, purpose, stage } = tie;
            let _ = write!(out, "{comma}[{between:?},\"{by}\",{chosen},\"{purpose}\",{stage}]");
        }
        out.push_str("]}");
        out
    }
}

impl<N: Number> Stage<N> {
    fn write(&self, out: &mut String) {
        let Self { number, part, act, elected, excluded, .. } = self;
        let _ = write!(out, "{{\"number\":{number},\"part\":{part},\"act\":");
        quote(act, out);
        let _ = write!(out, ",\"elected\":{elected:?},\"excluded\":{excluded:?},\"tallies\":[");
        for (at, one) in self.tallies.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            one.write(out);
        }
        out.push(']');
        let sums = [
            ("non_transferable", &self.non_transferable),
            ("rounding", &self.rounding),
            ("set_aside", &self.set_aside),
        ];
        for (name, sum) in sums {
            let _ = write!(out, ",\"{name}\":");
            sum.write(out);
        }
        out.push_str(",\"transfers\":[");
        let place = |one: Option<usize>| one.map_or_else(|| "null".into(), |one| one.to_string());
        for (at, one) in self.transfers.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let (giver, heir) = (place(one.giver), place(one.heir));
            let (over, under) = one.value.ratio(one.under);
            let _ = write!(out, "{comma}[{giver},{heir},{},{over},{under},", one.papers);
            one.votes.write(out);
            out.push(']');
        }
        out.push_str("],\"figures\":[");
        for (at, (name, units)) in self.figures.iter().enumerate() {
            out.push_str(if at == 0 { "[" } else { ",[" });
            quote(name, out);
            out.push(',');
            units.write(out);
            out.push(']');
        }
        out.push_str("]}");
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for one in text.chars() {
        match one {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if u32::from(control) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
