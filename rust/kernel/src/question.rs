//! Questions: their kinds, how many ciphertexts and proofs an answer has, and whether they make sense.

use crate::KernelError;
use crate::ciphertext::Entry;
use crate::group::Group;
use crate::text::{Json, shown};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Choose between min and max of the answers; with `blank`, a mark of its own stands first.
    Choice { answers: usize, blank: bool, min: i64, max: i64 },
    /// Choose one list and at least one of its candidates. `rows`: per list its own mark and its candidates.
    Lists { rows: Vec<usize> },
    /// One small number per answer: ranks or grades.
    Ranked { answers: usize },
}

impl Question {
    pub fn is_ranked(&self) -> bool {
        matches!(self, Question::Ranked { .. })
    }

    /// Ciphertexts of one answer.
    pub fn ciphertexts(&self) -> usize {
        match self {
            Question::Choice { answers, blank, .. } => answers + usize::from(*blank),
            Question::Lists { rows } => rows.iter().sum(),
            Question::Ranked { .. } => 1,
        }
    }

    /// Ciphertexts that come with a proof that they hold 0 or 1.
    pub fn marks(&self) -> usize {
        if self.is_ranked() { 0 } else { self.ciphertexts() }
    }

    /// Branches of the overall proof.
    pub fn branches(&self) -> usize {
        match self {
            Question::Choice { blank, min, max, .. } => {
                usize::try_from(max - min + 1).unwrap_or(0) + usize::from(*blank)
            }
            Question::Lists { .. } => 1,
            Question::Ranked { .. } => 0,
        }
    }

    /// Two-branch proofs after the overall proof: for the blank mark, or one per list.
    pub fn exclusions(&self) -> usize {
        match self {
            Question::Choice { blank, .. } => usize::from(*blank),
            Question::Lists { rows } => rows.len(),
            Question::Ranked { .. } => 0,
        }
    }

    /// Lengths of the rows in which the ciphertexts stand, where there are rows.
    pub fn rows(&self) -> Option<&[usize]> {
        match self {
            Question::Lists { rows } => Some(rows),
            _ => None,
        }
    }

    /// Whether an entry of a tally has the shape of this question; a ranked one has any length.
    pub fn fits<T>(&self, entry: &Entry<T>) -> bool {
        match self {
            Question::Ranked { .. } => entry.rows.is_none(),
            _ => entry.rows.as_deref() == self.rows() && entry.flat.len() == self.ciphertexts(),
        }
    }

    /// The shape that `fits` wants, in words.
    pub fn shape(&self) -> String {
        match self {
            Question::Ranked { .. } => "one list".into(),
            Question::Lists { rows } => format!("lists of {rows:?}"),
            _ => format!("a list of {}", self.ciphertexts()),
        }
    }

    /// The name of ciphertext number `place` of an answer, from 0.
    pub fn place(&self, place: usize) -> String {
        match self {
            Question::Ranked { .. } => "the answer".into(),
            Question::Choice { blank: true, .. } if place == 0 => "the blank mark".into(),
            Question::Choice { blank, .. } => format!("choice {}", place + usize::from(!blank)),
            Question::Lists { rows } => {
                let mut rest = place;
                for (list, length) in rows.iter().enumerate() {
                    if rest == 0 {
                        return format!("the mark of list {}", list + 1);
                    }
                    if rest < *length {
                        return format!("list {}, candidate {rest}", list + 1);
                    }
                    rest -= length;
                }
                format!("ciphertext {}", place + 1)
            }
        }
    }

    /// What is wrong with the question by itself.
    pub fn fault<G: Group>(&self) -> Option<String> {
        match self {
            Question::Choice { answers: 0, .. } | Question::Ranked { answers: 0 } => {
                Some("it has no answers".into())
            }
            Question::Choice { answers, min, max, .. } => {
                let sound = 0 <= *min && min <= max && usize::try_from(*max).is_ok_and(|max| max <= *answers);
                (!sound).then(|| format!("min {min} and max {max} do not fit {answers} answers"))
            }
            Question::Lists { rows } if rows.is_empty() => Some("it has no lists".into()),
            Question::Lists { rows } => {
                let short = rows.iter().position(|length| *length < 2);
                short.map(|list| format!("list {} has no candidate after its name", list + 1))
            }
            Question::Ranked { .. } if G::RANKED == 0 => Some(format!("{} has no ranked questions", G::NAME)),
            Question::Ranked { answers } => (*answers > G::RANKED)
                .then(|| format!("{answers} ranked answers; {} carries at most {}", G::NAME, G::RANKED)),
        }
    }

    /// Reads one question of the election object; the texts are looked at for their kind alone.
    pub fn read(value: &Json<'_>) -> Result<Self, KernelError> {
        match value.get("type").map(|kind| kind.text().unwrap_or("")) {
            None => {
                text(value, "question")?;
                Ok(Question::Choice {
                    answers: texts(field(value, "answers")?)?,
                    blank: flag(value, "blank")?,
                    min: whole(value, "min")?,
                    max: whole(value, "max")?,
                })
            }
            Some("NonHomomorphic") => {
                let inner = field(value, "value")?;
                text(inner, "question")?;
                Ok(Question::Ranked { answers: texts(field(inner, "answers")?)? })
            }
            Some("Lists") => {
                let inner = field(value, "value")?;
                text(inner, "question")?;
                let lists = field(inner, "answers")?.list();
                let lists = lists.ok_or_else(|| {
                    KernelError::new("election: \"answers\" is not a list of lists of texts")
                })?;
                Ok(Question::Lists { rows: lists.iter().map(texts).collect::<Result<_, _>>()? })
            }
            Some(kind) => Err(KernelError(format!("election: unknown type of question {}", shown(kind)))),
        }
    }
}

pub(crate) fn field<'a, 'b>(value: &'b Json<'a>, name: &str) -> Result<&'b Json<'a>, KernelError> {
    value.get(name).ok_or_else(|| KernelError(format!("election: the field \"{name}\" is missing")))
}

pub(crate) fn text(value: &Json<'_>, name: &str) -> Result<String, KernelError> {
    let text = field(value, name)?.text();
    text.map(str::to_string).ok_or_else(|| KernelError(format!("election: \"{name}\" is not a text")))
}

pub(crate) fn whole(value: &Json<'_>, name: &str) -> Result<i64, KernelError> {
    let number = field(value, name)?.integer();
    number.ok_or_else(|| KernelError(format!("election: \"{name}\" is not a whole number")))
}

fn flag(value: &Json<'_>, name: &str) -> Result<bool, KernelError> {
    match value.get(name) {
        None => Ok(false),
        Some(Json::Bool(flag)) => Ok(*flag),
        Some(_) => Err(KernelError(format!("election: \"{name}\" is neither true nor false"))),
    }
}

fn texts(value: &Json<'_>) -> Result<usize, KernelError> {
    let items = value.list().filter(|items| items.iter().all(|item| item.text().is_some()));
    items.map(<[_]>::len).ok_or_else(|| KernelError::new("election: \"answers\" is not a list of texts"))
}
