//! The finished parameters of a threshold group, and duties E7 to E9.

use super::objects::{Certificate, Signed, all_certificates, read_coefficients, signature_fault};
use crate::Fault;
use crate::group::{Group, Scalar};
use crate::proofs::ProofText;
use crate::text::Json;

/// One public key with its proof of possession; in a group the member may have signed it.
#[derive(Debug, Clone)]
pub struct PublicKey {
    pub public_key: String,
    pub possession: ProofText<'static>,
    pub signature: Option<ProofText<'static>>,
}

impl PublicKey {
    pub fn of_json(value: &Json<'_>) -> Option<Self> {
        let signature = match value.get("signature") {
            None => None,
            Some(signature) => Some(ProofText::of_json(signature)?.into_owned()),
        };
        Some(PublicKey {
            public_key: value.get("public_key")?.text()?.to_string(),
            possession: value.get("pok").and_then(ProofText::of_json)?.into_owned(),
            signature,
        })
    }
}

/// A threshold group as it stands on the wire.
#[derive(Debug, Clone)]
pub struct GroupText {
    pub threshold: i64,
    pub certificates: Vec<Signed>,
    pub coefficients: Vec<Signed>,
    pub signatures: Option<Vec<ProofText<'static>>>,
    pub keys: Vec<PublicKey>,
}

fn listed<T>(value: &Json<'_>, name: &str, read: impl Fn(&Json<'_>) -> Option<T>) -> Option<Vec<T>> {
    value.get(name)?.list()?.iter().map(read).collect()
}

impl GroupText {
    pub fn of_json(value: &Json<'_>) -> Option<Self> {
        let signatures = match value.get("signatures") {
            None => None,
            Some(_) => Some(listed(value, "signatures", |signature| {
                ProofText::of_json(signature).map(ProofText::into_owned)
            })?),
        };
        Some(GroupText {
            threshold: value.get("threshold")?.integer()?,
            certificates: listed(value, "certs", Signed::of_json)?,
            coefficients: listed(value, "coefexps", Signed::of_json)?,
            signatures,
            keys: listed(value, "verification_keys", PublicKey::of_json)?,
        })
    }

    pub fn open<G: Group>(&self) -> Opened<G> {
        let certificates = self.certificates.iter().map(|signed| {
            let certificate = Certificate::read(&signed.message)?;
            let verification = G::read(&certificate.verification);
            Ok((certificate, verification))
        });
        let coefficients = self.coefficients.iter().map(|signed| {
            let texts = read_coefficients(&signed.message)?;
            let strings: Vec<&str> = texts.iter().map(String::as_str).collect();
            let elements = G::read_all(&strings).into_iter().collect();
            Ok((texts, elements))
        });
        Opened { certificates: certificates.collect(), coefficients: coefficients.collect() }
    }

    /// Duties E7 to E9; reasons name neither the group's place in the list nor the duty.
    pub fn check<G: Group>(&self, opened: &Opened<G>) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.check_sizes(opened, &mut faults);
        for place in 0..self.certificates.len() {
            faults.extend(
                self.certificate_fault(opened, place)
                    .map(|reason| ("E8", format!("certificate {}: {reason}", place + 1))),
            );
        }
        faults.extend(self.contexts_fault(opened).map(|reason| ("E8", reason)));
        for place in 0..self.coefficients.len() {
            faults.extend(
                self.coefficients_fault(opened, place)
                    .map(|reason| ("E8", format!("coefficients {}: {reason}", place + 1))),
            );
        }
        self.check_signatures(opened, &mut faults);
        self.check_keys(opened, &mut faults);
        faults
    }

    /// E7.
    fn check_sizes<G: Group>(&self, opened: &Opened<G>, faults: &mut Vec<Fault>) {
        let members = self.certificates.len();
        if !usize::try_from(self.threshold).is_ok_and(|threshold| (1..=members).contains(&threshold)) {
            faults.push(("E7", format!("a threshold of {} for {members} members", self.threshold)));
        }
        if self.coefficients.len() != members || self.keys.len() != members {
            faults.push((
                "E7",
                format!(
                    "{members} certificates, {} lists of coefficients, {} verification keys",
                    self.coefficients.len(),
                    self.keys.len()
                ),
            ));
        }
        for (place, list) in opened.coefficients.iter().enumerate() {
            let Ok((texts, _)) = list else { continue };
            if usize::try_from(self.threshold) != Ok(texts.len()) {
                faults.push((
                    "E7",
                    format!(
                        "member {} has {} coefficients for a threshold of {}",
                        place + 1,
                        texts.len(),
                        self.threshold
                    ),
                ));
            }
        }
    }

    fn certificate_fault<G: Group>(&self, opened: &Opened<G>, place: usize) -> Option<String> {
        let (certificate, verification) = match &opened.certificates[place] {
            Ok(opened) => opened,
            Err(reason) => return Some(format!("it cannot be read: {reason}")),
        };
        let Some(verification) = verification else {
            return Some("the verification key is not a canonical member of the group".into());
        };
        if G::read(&certificate.encryption).is_none() {
            return Some("the encryption key is not a canonical member of the group".into());
        }
        let signed = &self.certificates[place];
        if let Some(reason) = signature_fault::<G>(verification, &signed.message, &signed.signature) {
            return Some(format!("the signature {reason}"));
        }
        let context = certificate.context.as_ref()?;
        let count = |found: i64, wanted: usize| i64::try_from(wanted) == Ok(found);
        let own = context.group == G::NAME
            && count(context.size, self.certificates.len())
            && context.threshold == self.threshold
            && count(context.index, place + 1);
        (!own).then(|| {
            format!(
                "it was made for member {} of {}, threshold {}, in {}",
                context.index, context.size, context.threshold, context.group
            )
        })
    }

    fn contexts_fault<G: Group>(&self, opened: &Opened<G>) -> Option<String> {
        let readable = || opened.certificates.iter().flatten();
        let with = readable().filter(|(certificate, _)| certificate.context.is_some()).count();
        let all = readable().count();
        (with != 0 && with != all)
            .then(|| format!("{with} of {all} certificates name what they were made for"))
    }

    fn coefficients_fault<G: Group>(&self, opened: &Opened<G>, place: usize) -> Option<String> {
        match &opened.coefficients[place] {
            Err(reason) => return Some(format!("they cannot be read: {reason}")),
            Ok((_, None)) => return Some("one is not a canonical member of the group".into()),
            Ok((_, Some(_))) => (),
        }
        let signed = &self.coefficients[place];
        let reason = opened.signature_fault(place, &signed.message, &signed.signature);
        reason.map(|reason| format!("the signature {reason}"))
    }

    /// The signatures over all certificates, which belong to certificates with a context.
    fn check_signatures<G: Group>(&self, opened: &Opened<G>, faults: &mut Vec<Fault>) {
        let with_context =
            |(certificate, _): &(Certificate, Option<G::Element>)| certificate.context.is_some();
        if !opened.certificates.iter().flatten().any(with_context) {
            return;
        }
        let signatures = self.signatures.as_deref().unwrap_or(&[]);
        let members = self.certificates.len();
        if signatures.len() != members {
            faults.push((
                "E8",
                format!("{} signatures over all certificates for {members} members", signatures.len()),
            ));
        }
        for (place, signature) in signatures.iter().enumerate() {
            let Some(Ok((texts, _))) = opened.coefficients.get(place) else {
                continue; // said where the coefficients could not be read
            };
            let message = all_certificates(&self.certificates, texts);
            if let Some(reason) = opened.signature_fault(place, &message, signature) {
                let who = place + 1;
                faults.push(("E8", format!("member {who}: the signature over all certificates {reason}")));
            }
        }
    }

    /// E9.
    fn check_keys<G: Group>(&self, opened: &Opened<G>, faults: &mut Vec<Fault>) {
        match opened.sums() {
            None => faults.push(("E9", "the coefficients give no verification keys".into())),
            Some(sums) => {
                for (place, key) in self.keys.iter().enumerate() {
                    if G::write(&member_key::<G>(&sums, place + 1)) != key.public_key {
                        let who = place + 1;
                        faults.push(("E9", format!("key {who} is not the one that the coefficients give")));
                    }
                }
            }
        }
        let signed = self.keys.iter().filter(|key| key.signature.is_some()).count();
        if signed != 0 && signed != self.keys.len() {
            faults.push(("E9", format!("{signed} of {} verification keys are signed", self.keys.len())));
        }
        for (place, key) in self.keys.iter().enumerate() {
            let Some(signature) = &key.signature else { continue };
            let fault = opened.signature_fault(place, &key.public_key, signature);
            if let Some(reason) = fault {
                faults.push(("E9", format!("key {}: the signature {reason}", place + 1)));
            }
        }
    }
}

/// A certificate with its verification key, where that is a member.
type OpenedCertificate<E> = Result<(Certificate, Option<E>), String>;
/// Element strings, and the elements where all of them are members.
type OpenedCoefficients<E> = Result<(Vec<String>, Option<Vec<E>>), String>;

/// The messages inside a group's parameters, as far as they can be read.
pub struct Opened<G: Group> {
    pub certificates: Vec<OpenedCertificate<G::Element>>,
    pub coefficients: Vec<OpenedCoefficients<G::Element>>,
}

impl<G: Group> Opened<G> {
    fn verification(&self, place: usize) -> Option<&G::Element> {
        self.certificates.get(place)?.as_ref().ok()?.1.as_ref()
    }

    /// Why a signature is not one made with the key of the certificate at this place, if it is not.
    fn signature_fault(
        &self,
        place: usize,
        message: &str,
        signature: &ProofText<'_>,
    ) -> Option<&'static str> {
        match self.verification(place) {
            Some(key) => signature_fault::<G>(key, message, signature),
            None => Some("has no certificate's key to be judged by"),
        }
    }

    /// The k-th is the product of all members' k-th coefficients.
    fn sums(&self) -> Option<Vec<G::Element>> {
        let lists = self.coefficients.iter().map(|list| list.as_ref().ok()?.1.as_deref());
        sums::<G>(&lists.collect::<Option<Vec<_>>>()?)
    }

    /// The group's part of the election's public key: the product of all first coefficients.
    pub fn key(&self) -> Option<G::Element> {
        self.sums()?.first().copied()
    }
}

/// The k-th is the product of the k-th elements of all lists.
pub fn sums<G: Group>(lists: &[&[G::Element]]) -> Option<Vec<G::Element>> {
    let longest = lists.iter().map(|list| list.len()).max()?;
    let of = |k: usize| {
        let terms = lists.iter().filter_map(|list| list.get(k));
        terms.fold(G::identity(), |product, term| G::multiply(&product, term))
    };
    Some((0..longest).map(of).collect())
}

/// The product of terms[k] to the power number^k: what coefficients in the exponent give for a member.
pub fn member_key<G: Group>(terms: &[G::Element], number: usize) -> G::Element {
    let number = G::Scalar::small(number as u64);
    let powers: Vec<G::Scalar> =
        std::iter::successors(Some(G::Scalar::ONE), |power| Some(power.times(&number)))
            .take(terms.len())
            .collect();
    G::product(terms, &powers)
}
