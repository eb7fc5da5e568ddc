//! What votes are reckoned in: whole units of a rule set's last place, or fractions where a rule set rounds nothing.

use std::fmt::Write as _;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

use num_bigint::BigInt;
use num_rational::BigRational;

/// Votes in units of the rule set's last decimal place.
pub type Units = i128;
/// Votes that nothing rounds.
pub type Exact = BigRational;

/// A number of votes. Division cuts whole units and is exact for fractions.
pub trait Number:
    Clone
    + Ord
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + AddAssign
    + SubAssign
    + Sum
{
    /// So many units.
    fn of(units: Units) -> Self;

    /// As JSON: a whole number, or a text "over/under".
    fn write(&self, out: &mut String);

    /// What is above the line and what is below it, were this divided by `under`.
    fn ratio(&self, under: Units) -> (String, String);
}

impl Number for Units {
    fn of(units: Units) -> Self {
        units
    }

    fn write(&self, out: &mut String) {
        let _ = write!(out, "{self}");
    }

    fn ratio(&self, under: Units) -> (String, String) {
        (self.to_string(), under.to_string())
    }
}

impl Number for Exact {
    fn of(units: Units) -> Self {
        Self::from_integer(BigInt::from(units))
    }

    fn write(&self, out: &mut String) {
        if self.is_integer() {
            let _ = write!(out, "{}", self.numer());
        } else {
            let _ = write!(out, "\"{}/{}\"", self.numer(), self.denom());
        }
    }

    fn ratio(&self, under: Units) -> (String, String) {
        (self.numer().to_string(), (self.denom() * BigInt::from(under)).to_string())
    }
}
