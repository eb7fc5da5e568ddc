//! What the rule sets of the family "stv" differ in, read from their answers.

use crate::sheet::{Parameters, Refused};

/// Where a value is cut on the way from the one received to the one passed on.
#[derive(Clone, Copy)]
pub enum Cut {
    /// received x surplus / votes, cut once.
    Once,
    /// received x surplus, cut, then / votes, cut.
    Product,
    /// surplus / votes, cut, then x received, cut.
    Fraction,
}

/// How many votes make a candidate safe.
#[derive(Clone, Copy)]
pub enum Quota {
    Whole,
    LastPlace,
    Exact,
}

/// How the count goes from stage to stage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Who has the quota at the end of a stage is elected; surpluses, else an exclusion.
    GoesOn,
    /// Who has the threshold is elected when the surplus moves.
    AtThreshold,
    /// After an exclusion the count begins again.
    BeginsAgain,
}

pub struct Rules {
    pub quota: Quota,
    pub cut: Cut,
    pub flow: Flow,
    /// Nothing is rounded: fractions.
    pub exact: bool,
    /// What was cut off has a line of its own, apart from what does not transfer.
    pub apart: bool,
    /// One at the quota exactly has a stage for a surplus of nothing.
    pub of_nothing: bool,
    /// When an exclusion leaves as many as seats, the papers of the excluded stay where they are.
    pub stay_put: bool,
    /// The quota alone is not enough: more than it is needed.
    pub above: bool,
    /// Those who could not win even with every vote below them go out together, before any surplus.
    pub sure_losers: bool,
}

impl Rules {
    pub fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let one_of = |question: &str, answers: &[&str]| parameters.one_of(question, answers);
        one_of("papers_examined", &["all papers held"])?;
        one_of("exclusion", &["one lowest, all papers in one stage at the value received"])?;
        let quotas = [
            "whole votes, one above valid / (seats + 1) without its fraction",
            "valid / (seats + 1) cut to the last place, and one unit of that place more",
            "valid / (seats + 1), exactly",
        ];
        let cuts = [
            "value received x surplus / votes",
            "value received x surplus, cut, then / votes, cut",
            "surplus / votes, cut, then x value received, cut",
        ];
        let elected = [
            "at the end of any stage, at the quota or above",
            "at the end of any stage, above the quota",
            "when the surplus moves, largest first; all at the quota or above once they fill the seats",
        ];
        let lines = ["with the votes that are not transferable", "in a line of their own", "there are none"];
        let next = ["largest, never deferred", "largest, never deferred; one of nothing has its stage too"];
        let losers = ["they wait until they are lowest", "out together before any surplus moves"];
        let after = ["the count goes on", "the count begins again as if the excluded had never stood"];
        let ends = [
            "as many continue as seats are left, no further transfer",
            "as many continue as seats are left, even the papers of those just excluded stay put",
        ];
        let when = one_of("elected_when", &elected)?;
        let again = one_of("after_exclusion", &after)? == 1;
        let rules = Self {
            quota: [Quota::Whole, Quota::LastPlace, Quota::Exact][one_of("quota", &quotas)?],
            cut: [Cut::Once, Cut::Product, Cut::Fraction][one_of("transfer_value", &cuts)?],
            flow: match (when == 2, again) {
                (true, _) => Flow::AtThreshold,
                (false, true) => Flow::BeginsAgain,
                (false, false) => Flow::GoesOn,
            },
            exact: one_of("rounding", &["cut", "none: fractions are kept exact"])? == 1,
            apart: one_of("remainders", &lines)? == 1,
            of_nothing: one_of("surplus_next", &next)? == 1,
            stay_put: one_of("last_vacancies", &ends)? == 1,
            above: when == 1,
            sure_losers: one_of("sure_losers", &losers)? == 1,
        };
        let at_threshold = rules.flow == Flow::AtThreshold;
        let strange = (at_threshold && (again || rules.of_nothing))
            || (!at_threshold && rules.sure_losers)
            || (rules.exact && !matches!(rules.cut, Cut::Once))
            || (rules.exact && matches!(rules.quota, Quota::LastPlace))
            || (!rules.exact && matches!(rules.quota, Quota::Exact));
        if strange {
            return Err(Refused::unknown("these answers", "nobody counts by all of them together"));
        }
        Ok(rules)
    }
}
