//! The three set-up objects of an election, and their duties.

use std::sync::OnceLock;

use crate::group::Group;
pub use crate::question::Question;
use crate::question::{field, text, whole};
use crate::text::{Json, base64, is_decimal, sha256, shown};
use crate::trustees::Trustees;
use crate::{Fault, KernelError};

/// Most bytes of an election.
const LARGEST: usize = 16 << 20;
/// Weights have at most this many digits, so that sums stay far inside 64 bits.
const WEIGHT_DIGITS: usize = 15;

#[derive(Debug, Clone)]
pub struct Credential {
    pub public: String,
    pub weight: u64,
}

/// The fixed part of one election.
pub struct Setup<G: Group> {
    pub uuid: String,
    /// Fingerprint of the election's bytes.
    pub phi: String,
    pub key_text: String,
    pub key: Option<G::Element>,
    pub questions: Vec<Question>,
    pub trustees: Trustees,
    pub credentials: Vec<Credential>,
    pub weighted: bool,
    /// Positions in `credentials`, in the order of the texts: four bytes each, where a map would copy every text.
    order: Vec<u32>,
    list_faults: Vec<String>,
    tables: OnceLock<G::Tables>,
    fixed: OnceLock<G::Fixed>,
}

fn not_yet(what: &str) -> KernelError {
    KernelError(format!("not yet supported: {what}"))
}

/// The election object's group, after its version.
pub fn group_of(election: &[u8]) -> Result<String, KernelError> {
    let value = election_json(election)?;
    match whole(&value, "version")? {
        1 => text(&value, "group"),
        2 => Err(not_yet("protocol version 2")),
        n => Err(KernelError(format!("election: version {n}; expected 1"))),
    }
}

fn election_json(bytes: &[u8]) -> Result<Json<'_>, KernelError> {
    if bytes.len() > LARGEST {
        return Err(KernelError::new("election: more than 16 MiB"));
    }
    Json::read(bytes).map_err(|reason| KernelError(format!("election: {reason}")))
}

/// The credentials, whether they carry weights, and what is wrong with the entries' form.
fn read_credentials(bytes: &[u8]) -> Result<(Vec<Credential>, bool, Vec<String>), KernelError> {
    let value = Json::read(bytes).map_err(|reason| KernelError(format!("credentials: {reason}")))?;
    let list = value.list().ok_or_else(|| KernelError::new("credentials: not a list"))?;
    let mut faults = Vec::new();
    let mut credentials = Vec::with_capacity(list.len());
    let mut with_weight = 0;
    for (place, item) in list.iter().enumerate() {
        let wrong = || KernelError(format!("credentials: entry {} is not a text", place + 1));
        let (public, weight) = match item.text().ok_or_else(wrong)?.split_once(',') {
            None => (item.text().unwrap_or(""), "1"),
            Some((public, weight)) => {
                with_weight += 1;
                (public, weight)
            }
        };
        let number =
            if is_decimal(weight) && weight.len() <= WEIGHT_DIGITS { weight.parse().ok() } else { None };
        if number.is_none() {
            faults.push(format!(
                "entry {}: {} is not a canonical weight below 10^15",
                place + 1,
                shown(weight)
            ));
        }
        credentials.push(Credential { public: public.to_string(), weight: number.unwrap_or(0) });
    }
    if with_weight != 0 && with_weight != credentials.len() {
        faults.push(format!(
            "{with_weight} of {} entries have a weight; all or none should",
            credentials.len()
        ));
    }
    Ok((credentials, with_weight != 0, faults))
}

impl<G: Group> Setup<G> {
    pub fn read(election: &[u8], trustees: &[u8], credentials: &[u8]) -> Result<Self, KernelError> {
        let value = election_json(election)?;
        for name in ["description", "name"] {
            text(&value, name)?;
        }
        let list = field(&value, "questions")?.list();
        let list = list.ok_or_else(|| KernelError::new("election: \"questions\" is not a list"))?;
        let questions: Vec<Question> = list.iter().map(Question::read).collect::<Result<_, _>>()?;
        let trustees = Trustees::read(trustees)?;
        let key_text = text(&value, "public_key")?;
        let (credentials, weighted, list_faults) = read_credentials(credentials)?;
        let mut order: Vec<u32> = (0..).take(credentials.len()).collect();
        order.sort_unstable_by(|a, b| credentials[*a as usize].public.cmp(&credentials[*b as usize].public));
        Ok(Setup {
            uuid: text(&value, "uuid")?,
            phi: base64(&sha256(election)),
            key: G::read(&key_text),
            key_text,
            questions,
            trustees,
            credentials,
            weighted,
            order,
            list_faults,
            tables: OnceLock::new(),
            fixed: OnceLock::new(),
        })
    }

    /// The key of the election, for acts that cannot go on without it.
    pub fn sound_key(&self) -> Result<&G::Element, KernelError> {
        self.key
            .as_ref()
            .ok_or_else(|| KernelError::new("the election's public key is not a member of the group"))
    }

    pub fn tables(&self) -> Result<&G::Tables, KernelError> {
        let key = self.sound_key()?;
        Ok(self.tables.get_or_init(|| G::tables(key, self.credentials.len().saturating_mul(16))))
    }

    pub fn fixed(&self) -> Result<&G::Fixed, KernelError> {
        let key = self.sound_key()?;
        Ok(self.fixed.get_or_init(|| G::fixed(key)))
    }

    pub fn total_weight(&self) -> u64 {
        self.credentials.iter().fold(0, |sum: u64, c| sum.saturating_add(c.weight))
    }

    pub fn weight(&self, credential: &str) -> Option<u64> {
        self.place(credential).map(|place| self.credentials[place].weight)
    }

    /// Where a credential stands on the list.
    pub fn place(&self, credential: &str) -> Option<usize> {
        let at = self
            .order
            .binary_search_by(|place| self.credentials[*place as usize].public.as_str().cmp(credential));
        at.ok().map(|found| self.order[found] as usize)
    }

    /// The reason why a question makes no sense, if it does not.
    pub fn question_fault(&self) -> Option<String> {
        if self.questions.is_empty() {
            return Some("there is no question".into());
        }
        let numbered = self.questions.iter().enumerate();
        let mut faults = numbered.filter_map(|(place, q)| {
            q.fault::<G>().map(|reason| format!("question {}: {reason}", place + 1))
        });
        faults.next()
    }

    pub fn check(&self) -> Vec<Fault> {
        let mut faults = self.check_questions();
        faults.extend(self.trustees.check::<G>(self.key));
        faults.extend(self.check_credentials());
        faults
    }

    fn check_questions(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.questions.is_empty() {
            faults.push(("E3", "there is no question".into()));
        }
        for (place, question) in self.questions.iter().enumerate() {
            if let Some(reason) = question.fault::<G>() {
                faults.push(("E3", format!("question {}: {reason}", place + 1)));
            }
        }
        let ranked = self.questions.iter().any(Question::is_ranked);
        if ranked && self.credentials.iter().any(|c| c.weight != 1) {
            faults.push(("E3", "a ranked question in an election with weights other than 1".into()));
        }
        faults
    }

    fn check_credentials(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> = self.list_faults.iter().map(|reason| ("E6", reason.clone())).collect();
        let texts: Vec<&str> = self.credentials.iter().map(|c| c.public.as_str()).collect();
        let identity = G::identity();
        let mut canonical = true;
        // In pieces, because a group element takes far more memory than its text.
        let members = texts.chunks(4096).flat_map(|piece| G::read_all(piece));
        for (place, member) in members.enumerate() {
            let reason = match member {
                None => "not a canonical member of the group",
                Some(member) if member == identity => "the identity",
                Some(_) => continue,
            };
            canonical = false;
            faults.push(("E6", format!("entry {} is {reason}", place + 1)));
        }
        for (place, pair) in texts.windows(2).enumerate() {
            let reason = match G::compare(pair[0], pair[1]) {
                _ if !canonical => break,
                std::cmp::Ordering::Less => continue,
                std::cmp::Ordering::Equal => "is the same as",
                std::cmp::Ordering::Greater => "does not come after",
            };
            faults.push((
                "E6",
                format!("entry {} {reason} entry {} in the group's order", place + 2, place + 1),
            ));
        }
        let text = |place: &u32| self.credentials[*place as usize].public.as_str();
        if faults.is_empty() && self.order.windows(2).any(|pair| text(&pair[0]) == text(&pair[1])) {
            faults.push(("E6", "a credential occurs twice".into()));
        }
        faults
    }
}
