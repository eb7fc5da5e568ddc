//! The list of trustees, single ones and threshold groups in any order: reading it, duties E4, E5 and E7 to
//! E9, and the combination of partial decryptions.
//!
//! Trustees ("owners") are numbered from 1 over the list, a group counting as many as it has keys.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::group::{Group, Scalar};
use crate::pedersen::group::{GroupText, PublicKey};
use crate::proofs::knows;
use crate::text::Json;
use crate::trustee::possession;
use crate::{Fault, KernelError};

/// Most bytes of a list of trustees.
const LARGEST: usize = 16 << 20;

#[derive(Debug, Clone)]
enum Entry {
    Single(PublicKey),
    Group(GroupText),
}

impl Entry {
    fn keys(&self) -> &[PublicKey] {
        match self {
            Entry::Single(key) => std::slice::from_ref(key),
            Entry::Group(group) => &group.keys,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Trustees(Vec<Entry>);

impl Trustees {
    pub fn read(bytes: &[u8]) -> Result<Self, KernelError> {
        if bytes.len() > LARGEST {
            return Err(KernelError::new("trustees: more than 16 MiB"));
        }
        let value = Json::read(bytes).map_err(|reason| KernelError(format!("trustees: {reason}")))?;
        let list = value.list().ok_or_else(|| KernelError::new("trustees: not a list"))?;
        list.iter()
            .enumerate()
            .map(|(place, item)| entry(place + 1, item))
            .collect::<Result<_, _>>()
            .map(Trustees)
    }

    fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.0.iter().flat_map(Entry::keys)
    }

    /// The number of owners.
    pub fn len(&self) -> usize {
        self.0.iter().map(|entry| entry.keys().len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The public key of trustee number `owner`.
    pub fn key(&self, owner: usize) -> Option<&str> {
        self.keys().nth(owner.checked_sub(1)?).map(|key| key.public_key.as_str())
    }

    pub fn has(&self, public_key: &str) -> bool {
        self.keys().any(|key| key.public_key == public_key)
    }

    /// E4, E5, E7, E8 and E9; `election_key` is the election's public key where it is a member.
    pub fn check<G: Group>(&self, election_key: Option<G::Element>) -> Vec<Fault> {
        let mut faults = self.check_public_keys::<G>();
        let mut parts = Vec::with_capacity(self.0.len());
        let mut inside = Vec::new();
        for (place, entry) in self.0.iter().enumerate() {
            match entry {
                Entry::Single(key) => parts.push(G::read(&key.public_key)),
                Entry::Group(group) => {
                    let opened = group.open::<G>();
                    parts.push(opened.key());
                    let named = |(duty, reason): Fault| (duty, format!("entry {}: {reason}", place + 1));
                    inside.extend(group.check(&opened).into_iter().map(named));
                }
            }
        }
        faults.extend(product_fault::<G>(election_key, &parts).map(|reason| ("E5", reason)));
        inside.sort_by_key(|(duty, _)| *duty);
        faults.extend(inside);
        faults
    }

    fn check_public_keys<G: Group>(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.is_empty() {
            faults.push(("E4", "there is no trustee".into()));
        }
        // The members of one group may have the same key: with a threshold of 1 all of them do.
        let mut seen: HashMap<&str, (usize, usize)> = HashMap::new();
        let keys =
            self.0.iter().enumerate().flat_map(|(entry, own)| own.keys().iter().map(move |key| (entry, key)));
        for (place, (entry, key)) in keys.enumerate() {
            let number = place + 1;
            if let Some(reason) = key_fault::<G>(key) {
                faults.push(("E4", format!("trustee {number}: {reason}")));
            }
            let (other_entry, other) = *seen.entry(&key.public_key).or_insert((entry, number));
            if other_entry != entry {
                faults.push(("E4", format!("trustees {other} and {number} have the same key")));
            }
        }
        faults
    }

    /// Out of each trustee's decryption factors, in the same order of ciphertexts for all: alpha to the power
    /// of the election's secret key, for each ciphertext. `sent` is (owner, factors) in any order, of verified
    /// decryptions: one of every single trustee and at least `threshold` of each group, of which the first by
    /// number are used.
    pub fn combine<G: Group>(
        &self,
        sent: &[(usize, Vec<G::Element>)],
    ) -> Result<Vec<G::Element>, KernelError> {
        let size = sent.first().map_or(0, |(_, factors)| factors.len());
        let mut of: HashMap<usize, &[G::Element]> = HashMap::new();
        for (owner, factors) in sent {
            if self.key(*owner).is_none() || factors.len() != size {
                return Err(KernelError(format!("the decryption of trustee {owner} does not belong here")));
            }
            if of.insert(*owner, factors).is_some() {
                return Err(KernelError(format!("two decryptions of trustee {owner}")));
            }
        }
        let mut used: Vec<(&[G::Element], G::Scalar)> = Vec::new();
        let mut first = 1;
        for entry in &self.0 {
            let numbers = first..first + entry.keys().len();
            let present: Vec<usize> = numbers.clone().filter(|number| of.contains_key(number)).collect();
            let wanted = match entry {
                Entry::Single(_) => 1,
                Entry::Group(group) => usize::try_from(group.threshold).unwrap_or(usize::MAX),
            };
            if wanted == 0 || present.len() < wanted {
                let who = if wanted == 1 && numbers.len() == 1 {
                    format!("no decryption of trustee {first}")
                } else {
                    format!(
                        "{} decryptions of the trustees {first} to {}; {wanted} are needed",
                        present.len(),
                        numbers.end - 1
                    )
                };
                return Err(KernelError(who));
            }
            let chosen: Vec<usize> = present[..wanted].iter().map(|number| number - first + 1).collect();
            let weights = match entry {
                Entry::Single(_) => vec![G::Scalar::ONE],
                Entry::Group(_) => interpolation(&chosen),
            };
            used.extend(present.iter().zip(weights).map(|(number, weight)| (of[number], weight)));
            first = numbers.end;
        }
        let weights: Vec<G::Scalar> = used.iter().map(|(_, weight)| *weight).collect();
        let plain = weights.iter().all(|weight| *weight == G::Scalar::ONE);
        let one = |place: usize| {
            let factors: Vec<G::Element> = used.iter().map(|(factors, _)| factors[place]).collect();
            match plain {
                true => factors.iter().fold(G::identity(), |product, factor| G::multiply(&product, factor)),
                false => G::product(&factors, &weights),
            }
        };
        Ok((0..size).into_par_iter().map(one).collect())
    }
}

/// Weights with which values of a polynomial at these places give its value at 0.
fn interpolation<S: Scalar>(places: &[usize]) -> Vec<S> {
    let scalar = |place: usize| S::small(place as u64);
    let weight = |own: &usize| {
        let others = || places.iter().filter(|other| *other != own);
        let over = others().fold(S::ONE, |product, other| product.times(&scalar(*other)));
        let gap = |other: &usize| scalar(*other).minus(&scalar(*own));
        let under = others().fold(S::ONE, |product, other| product.times(&gap(other)));
        over.times(&under.inverse())
    };
    places.iter().map(weight).collect()
}

fn entry(number: usize, item: &Json<'_>) -> Result<Entry, KernelError> {
    let wrong = || {
        KernelError(format!(
            "trustees: entry {number} is neither [\"Single\",{{..}}] nor [\"Pedersen\",{{..}}]"
        ))
    };
    let [kind, value] = item.list().ok_or_else(wrong)? else {
        return Err(wrong());
    };
    match kind.text() {
        Some("Single") => PublicKey::of_json(value).map(Entry::Single).ok_or_else(wrong),
        Some("Pedersen") => GroupText::of_json(value).map(Entry::Group).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

/// What E5 finds; parts are those of the entries.
fn product_fault<G: Group>(election_key: Option<G::Element>, parts: &[Option<G::Element>]) -> Option<String> {
    let Some(key) = election_key else {
        return Some("the election's public key is not a canonical member of the group".into());
    };
    if key == G::identity() {
        return Some("the election's public key is the identity".into());
    }
    let joined =
        |product: G::Element, part: &Option<G::Element>| part.map(|part| G::multiply(&product, &part));
    match parts.iter().try_fold(G::identity(), joined) {
        None => Some("the product of the trustees' parts cannot be formed".into()),
        Some(product) if product != key => {
            Some("the election's public key is not the product of the trustees' parts".into())
        }
        Some(_) => None,
    }
}

/// What E4 finds in one key.
fn key_fault<G: Group>(trustee: &PublicKey) -> Option<String> {
    let Some(key) = G::read(&trustee.public_key) else {
        return Some("the public key is not a canonical member of the group".into());
    };
    if key == G::identity() {
        return Some("the public key is the identity".into());
    }
    let Some(proof) = trustee.possession.read::<G::Scalar>() else {
        return Some("the proof of possession has a number that is not canonical or too large".into());
    };
    let sound = knows::<G>(&possession::<G>(&trustee.public_key), &key, &proof);
    (!sound).then(|| "the proof of possession is not valid".into())
}
