//! What a count gives: stages, ties, who is elected; and what every engine keeps on the way there.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use crate::papers::Papers;
use crate::ties;

/// Votes in units of the rule set's last decimal place.
pub type Units = i128;

/// Why no sheet was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A lot is needed between these, at this stage, and there is no seed.
    Tie { names: Vec<String>, stage: usize },
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
pub struct Transfer {
    pub giver: Option<usize>,
    pub heir: Option<usize>,
    pub papers: u64,
    /// What each is worth: so many units over `under`.
    pub value: Units,
    pub under: Units,
    pub votes: Units,
}

/// One stage: the act, and where every vote is after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    pub number: usize,
    pub part: usize,
    pub act: String,
    pub tallies: Vec<Units>,
    pub non_transferable: Units,
    pub rounding: Units,
    pub set_aside: Units,
    pub elected: Vec<usize>,
    pub excluded: Vec<usize>,
    pub transfers: Vec<Transfer>,
    pub figures: Vec<(String, Units)>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub places: u32,
    pub quota: Option<Units>,
    pub stages: Vec<Stage>,
    pub ties: Vec<Tie>,
    pub elected: Vec<usize>,
}

impl Sheet {
    /// As JSON: candidates by position, votes as whole numbers of units.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(256 * self.stages.len() + 256);
        let quota = self.quota.map_or_else(|| "null".into(), |quota| quota.to_string());
        let _ = write!(out, "{{\"places\":{},\"quota\":{quota},\"elected\":{:?}", self.places, self.elected);
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

impl Stage {
    fn write(&self, out: &mut String) {
        let Self { number, part, act, tallies, elected, excluded, .. } = self;
        let _ = write!(out, "{{\"number\":{number},\"part\":{part},\"act\":");
        quote(act, out);
        let _ = write!(out, ",\"tallies\":{tallies:?},\"elected\":{elected:?},\"excluded\":{excluded:?}");
        let _ = write!(
            out,
            ",\"non_transferable\":{},\"rounding\":{},\"set_aside\":{},\"transfers\":[",
            self.non_transferable, self.rounding, self.set_aside
        );
        let place = |one: Option<usize>| one.map_or_else(|| "null".into(), |one| one.to_string());
        for (at, one) in self.transfers.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let (giver, heir) = (place(one.giver), place(one.heir));
            let _ = write!(
                out,
                "{comma}[{giver},{heir},{},{},{},{}]",
                one.papers, one.value, one.under, one.votes
            );
        }
        out.push_str("],\"figures\":[");
        for (at, (name, units)) in self.figures.iter().enumerate() {
            out.push_str(if at == 0 { "[" } else { ",[" });
            quote(name, out);
            let _ = write!(out, ",{units}]");
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

/// Where a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Continuing,
    Elected,
    Excluded,
}

/// Which earlier stage tells equal candidates apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// The latest at which they differ.
    Latest,
    /// The earliest at which they differ.
    Earliest,
    /// For an exclusion as `Latest`; else the latest at which all of them differ.
    LatestAll,
    /// The earliest at which they differ, then a number that this path does not draw.
    FirstDifference,
    /// None: the lot alone.
    Never,
    /// None: one order of all candidates is drawn before the count.
    Drawn,
}

impl Back {
    /// # Errors
    /// `Refused::Unknown` for another answer.
    pub fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let answers = [
            "latest earlier stage that differs, else lot",
            "earliest stage that differs, else lot",
            "lot",
            "one order drawn before the count",
        ];
        Ok([Self::Latest, Self::Earliest, Self::Never, Self::Drawn][parameters.one_of("ties", &answers)?])
    }
}

/// The board of a count under way: who stands where with how many votes, and what has been written down so far.
pub struct Board<'a> {
    pub papers: &'a Papers,
    pub seed: Option<&'a str>,
    pub back: Back,
    pub unit: Units,
    pub quota: Units,
    pub vacancies: usize,
    pub standing: Vec<Standing>,
    pub tallies: Vec<Units>,
    pub non_transferable: Units,
    pub rounding: Units,
    pub set_aside: Units,
    pub transfers: Vec<Transfer>,
    pub stages: Vec<Stage>,
    pub ties: Vec<Tie>,
    pub elected: Vec<usize>,
    pub number: usize,
    /// Whether equal ones elected together are listed by name, because the rules give them no order.
    pub by_name: bool,
    /// Whether ties look at the ends of stages only, not at the batches within.
    pub stage_ends: bool,
}

impl<'a> Board<'a> {
    #[must_use]
    pub fn new(papers: &'a Papers, places: u32, seats: usize, seed: Option<&'a str>, back: Back) -> Self {
        let size = papers.candidates.len();
        Self {
            papers,
            seed,
            back,
            unit: 10_i128.pow(places),
            quota: 0,
            vacancies: seats,
            standing: vec![Standing::Continuing; size],
            tallies: vec![0; size],
            non_transferable: 0,
            rounding: 0,
            set_aside: 0,
            transfers: Vec::new(),
            stages: Vec::new(),
            ties: Vec::new(),
            elected: Vec::new(),
            number: 0,
            by_name: false,
            stage_ends: false,
        }
    }

    /// Everybody who is neither elected nor excluded.
    #[must_use]
    pub fn continuing(&self) -> Vec<usize> {
        (0..self.standing.len()).filter(|&one| self.standing[one] == Standing::Continuing).collect()
    }

    #[must_use]
    pub fn name(&self, one: usize) -> &'a str {
        &self.papers.candidates[one]
    }

    /// Ends a stage: writes down where every vote is.
    pub fn close(&mut self, act: String, part: usize) {
        if part <= 1 {
            self.number += 1;
        }
        self.stages.push(Stage {
            number: self.number,
            part,
            act,
            tallies: self.tallies.clone(),
            non_transferable: self.non_transferable,
            rounding: self.rounding,
            set_aside: self.set_aside,
            transfers: std::mem::take(&mut self.transfers),
            ..Stage::default()
        });
    }

    /// Elects these, in this order, at the stage that was closed last.
    pub fn elect(&mut self, chosen: &[usize]) {
        for &one in chosen {
            self.standing[one] = Standing::Elected;
            self.elected.push(one);
            self.vacancies -= 1;
            if let Some(stage) = self.stages.last_mut() {
                stage.elected.push(one);
            }
        }
    }

    /// Most votes first; equal votes by the rule for ties, one after the other.
    ///
    /// # Errors
    /// `Refused::Tie` for a lot without a seed.
    pub fn in_order(&mut self, chosen: &[usize]) -> Result<Vec<usize>, Refused> {
        if self.by_name {
            let mut order = chosen.to_vec();
            order.sort_by_key(|&one| (-self.tallies[one], self.name(one)));
            return Ok(order);
        }
        let mut left = chosen.to_vec();
        let mut order = Vec::new();
        while !left.is_empty() {
            let best = self.pick(&left, "order")?;
            left.retain(|&one| one != best);
            order.push(best);
        }
        Ok(order)
    }

    /// The one with the fewest votes (purpose "exclusion") or the most; equal ones by earlier stages, then by lot.
    ///
    /// # Errors
    /// `Refused::Tie` for a lot without a seed.
    pub fn pick(&mut self, among: &[usize], purpose: &'static str) -> Result<usize, Refused> {
        let fewest = purpose == "exclusion";
        let now = self.tallies.clone();
        let tied = extreme(among, &now, fewest);
        let mut left = tied.clone();
        let earlier: Vec<usize> = match self.back {
            Back::Never | Back::Drawn => Vec::new(),
            Back::Latest | Back::LatestAll => (0..self.stages.len()).rev().collect(),
            Back::Earliest | Back::FirstDifference => (0..self.stages.len()).collect(),
        };
        for at in earlier {
            if left.len() == 1 {
                break;
            }
            let number = self.stages[at].number;
            if self.stage_ends && self.stages.get(at + 1).is_some_and(|next| next.number == number) {
                continue;
            }
            let then = &self.stages[at].tallies;
            let all_differ = || left.iter().map(|&one| then[one]).collect::<HashSet<_>>().len() == left.len();
            if fewest || self.back != Back::LatestAll || all_differ() {
                left = extreme(&left, then, fewest);
            }
        }
        if tied.len() == 1 {
            return Ok(tied[0]);
        }
        // what is put in order was elected at the stage that was closed last; all else is for the next one
        let stage = if purpose == "order" { self.number } else { self.number + 1 };
        let by_lot = left.len() > 1;
        let by_number = self.back == Back::FirstDifference;
        if by_lot && by_number {
            // the numbers of Schedule 1A are drawn by the readable engine alone
            return Err(Refused::unknown("ties", "the pseudo-random number"));
        }
        let chosen = if by_lot { self.lot(&left, stage)?[0] } else { left[0] };
        let by = match (by_lot, by_number) {
            (true, _) => "lot",
            (false, false) => "earlier stage",
            (false, true) => "the first difference",
        };
        self.ties.push(Tie { between: tied, by, chosen, purpose, stage });
        Ok(chosen)
    }

    /// These in the order of a lot.
    ///
    /// # Errors
    /// `Refused::Tie` without a seed.
    pub fn lot(&self, among: &[usize], stage: usize) -> Result<Vec<usize>, Refused> {
        let names: Vec<&str> = among.iter().map(|&one| self.name(one)).collect();
        let Some(seed) = self.seed else {
            let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            names.sort();
            return Err(Refused::Tie { names, stage });
        };
        let stage = if self.back == Back::Drawn { 0 } else { stage };
        Ok(ties::order(seed, stage, &names).into_iter().map(|at| among[at]).collect())
    }

    /// The sheet, once the count has ended.
    #[must_use]
    pub fn sheet(self, places: u32, quota: Option<Units>) -> Sheet {
        Sheet { places, quota, stages: self.stages, ties: self.ties, elected: self.elected }
    }
}

fn extreme(among: &[usize], tallies: &[Units], fewest: bool) -> Vec<usize> {
    let votes = among.iter().map(|&one| tallies[one]);
    let best = if fewest { votes.min() } else { votes.max() };
    among.iter().copied().filter(|&one| Some(tallies[one]) == best).collect()
}
