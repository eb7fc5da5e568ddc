//! What the rule sets of the family "parcels" differ in, read from their answers.

use crate::sheet::{Parameters, Refused};

/// Where the rest of what moves goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// All of it to what does not transfer.
    NonTransferable,
    /// What was cut to what is lost by rounding, the rest to what does not transfer.
    Rounding,
    /// What was cut to what is lost by rounding, the rest of a surplus is set aside.
    SetAside,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Batches {
    Value,
    FirstThenValue,
    Received,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    Never,
    NotMore,
    Less,
}

pub struct Rules {
    pub vote_required: bool,
    pub quota_again: bool,
    pub elected_first: bool,
    pub deferral: Wait,
    pub all_held: bool,
    pub fraction: bool,
    pub rest: Rest,
    pub group: Wait,
    pub batches: Batches,
    pub last_of_all: bool,
    /// The last seat without the quota: 0 never, 1 who equals all others and surpluses, 2 who exceeds them.
    pub last_seat: usize,
    /// Last seats are filled only once nothing is left to transfer; the higher of two takes the last one.
    pub higher_of_two: bool,
}

impl Rules {
    pub fn of(parameters: &Parameters) -> Result<Self, Refused> {
        let one_of = |question: &str, answers: &[&str]| parameters.one_of(question, answers);
        one_of("papers", &["in any order"])?;
        one_of("order_elected", &["most votes first"])?;
        one_of(
            "crowded",
            &["it cannot happen", "earliest batch that differs; those equal throughout are not elected then"],
        )?;
        let again =
            ["never", "when an exclusion leaves papers without a next preference before anybody is elected"];
        let elected = [
            "after any transfer, at the quota or above",
            "after any transfer, at the quota or at the vote required, or above",
        ];
        let deferral = [
            "never",
            "while all surpluses do not exceed what the lowest lack to the next above",
            "while all surpluses are less than what the lowest lack to the next above",
        ];
        let values = [
            "surplus / transferable papers, cut at the last place, at most the value received",
            "surplus / transferable papers as an exact fraction, at most the value received",
            "surplus / all papers held as an exact fraction",
        ];
        let rests = [
            "non-transferable",
            "cut fractions are lost by rounding, the rest does not transfer",
            "cut fractions are lost by rounding, the rest is set aside",
        ];
        let groups = [
            "the lowest",
            "as many of the lowest together as, with all surpluses, do not exceed the next above",
            "as many of the lowest together as, with all surpluses, have less than the next above",
        ];
        let batches = [
            "by value, highest first, batches of one stage",
            "by value, highest first, each a count of its own",
            "first preferences, then by value, highest first, batches of one stage",
            "parcel by parcel in the order received, batches of one stage",
        ];
        let ends = [
            "as many continue as seats are left, or would after the next exclusion: no further transfer",
            "the same, and for one last seat who equals all others and all surpluses: no further transfer",
            "the same, and for one last seat who exceeds all others and all surpluses: no further transfer",
            "as many continue as seats are left, once nothing is left to transfer",
            "the same, and for one last seat the higher of two, once nothing is left to transfer",
        ];
        let waits = [Wait::Never, Wait::NotMore, Wait::Less];
        let end = one_of("last_vacancies", &ends)?;
        let value = one_of("transfer_value", &values)?;
        Ok(Self {
            quota_again: one_of("quota_again", &again)? == 1,
            vote_required: one_of("elected_when", &elected)? == 1,
            elected_first: one_of(
                "surplus_next",
                &["largest first", "of those elected at the earliest count, largest first"],
            )? == 1,
            deferral: waits[one_of("deferral", &deferral)?],
            all_held: one_of("papers_examined", &["the last parcel received", "all papers held"])? == 1,
            fraction: value > 0,
            rest: [Rest::NonTransferable, Rest::Rounding, Rest::SetAside][one_of("left_over", &rests)?],
            group: waits[one_of("exclusion", &groups)?],
            // whether a batch is a count of its own matters to ties alone, and these look at every row
            batches: [Batches::Value, Batches::Value, Batches::FirstThenValue, Batches::Received]
                [one_of("batches", &batches)?],
            last_of_all: end >= 3,
            last_seat: if end < 3 { end } else { 0 },
            higher_of_two: end == 4,
        })
    }
}
