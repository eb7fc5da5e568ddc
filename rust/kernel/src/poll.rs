//! One face for all groups.

use std::sync::Arc;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::ed25519::Ed25519;
use crate::finite::{Belenios2048Group, Rfc3526Group};
use crate::group::Group;
use crate::setup::{Setup, group_of};
use crate::{Fault, KernelError, ballot, credential, decryption, result, shuffle, tally, trustee};

/// An encrypted tally built ballot by ballot.
pub trait Count: Send {
    /// Takes in ballots that count, at most one of each credential; all of them or, on an error, none.
    fn add(&mut self, ballots: &[&[u8]]) -> Result<(), KernelError>;
    /// The canonical encrypted tally of what was taken in so far.
    fn finish(&self) -> Vec<u8>;
}

/// An election whose group is not known until it is read.
pub trait Poll: Send + Sync {
    fn group(&self) -> &'static str;
    fn uuid(&self) -> &str;
    fn fingerprint(&self) -> &str;
    fn check_setup(&self) -> Vec<Fault>;
    fn make_ballots(
        &self,
        credentials: &[String],
        choices: &[String],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<Vec<u8>>, KernelError>;
    fn check_ballots(&self, ballots: &[&[u8]]) -> Vec<ballot::check::Verdict>;
    fn tally(self: Arc<Self>) -> Result<Box<dyn Count>, KernelError>;
    fn shuffle(&self, ciphertexts: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, KernelError>;
    fn check_shuffle(&self, ciphertexts: &[u8], shuffle: &[u8]) -> Result<Vec<Fault>, KernelError>;
    fn decrypt(
        &self,
        key: &[u8],
        ciphertexts: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, KernelError>;
    fn check_decryption(
        &self,
        owner: usize,
        ciphertexts: &[u8],
        decryption: &[u8],
    ) -> Result<Vec<Fault>, KernelError>;
    fn result(&self, ciphertexts: &[u8], decryptions: &[(usize, &[u8])]) -> Result<Vec<u8>, KernelError>;
}

impl<G: Group> Poll for Setup<G> {
    fn group(&self) -> &'static str {
        G::NAME
    }

    fn uuid(&self) -> &str {
        &self.uuid
    }

    fn fingerprint(&self) -> &str {
        &self.phi
    }

    fn check_setup(&self) -> Vec<Fault> {
        self.check()
    }

    fn make_ballots(
        &self,
        credentials: &[String],
        choices: &[String],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<Vec<u8>>, KernelError> {
        ballot::make::make(self, credentials, choices, rng)
    }

    fn check_ballots(&self, ballots: &[&[u8]]) -> Vec<ballot::check::Verdict> {
        ballot::check::check(self, ballots)
    }

    fn tally(self: Arc<Self>) -> Result<Box<dyn Count>, KernelError> {
        Ok(Box::new(tally::Tally::new(self)?))
    }

    fn shuffle(&self, ciphertexts: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, KernelError> {
        shuffle::make::make(self, ciphertexts, rng)
    }

    fn check_shuffle(&self, ciphertexts: &[u8], shuffle: &[u8]) -> Result<Vec<Fault>, KernelError> {
        shuffle::check::check(self, ciphertexts, shuffle)
    }

    fn decrypt(
        &self,
        key: &[u8],
        ciphertexts: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, KernelError> {
        decryption::make::make(self, key, ciphertexts, rng)
    }

    fn check_decryption(
        &self,
        owner: usize,
        ciphertexts: &[u8],
        decryption: &[u8],
    ) -> Result<Vec<Fault>, KernelError> {
        decryption::check::check(self, owner, ciphertexts, decryption)
    }

    fn result(&self, ciphertexts: &[u8], decryptions: &[(usize, &[u8])]) -> Result<Vec<u8>, KernelError> {
        result::result(self, ciphertexts, decryptions)
    }
}

/// Runs a function of the group that has this name.
macro_rules! in_group {
    ($name:expr, $function:ident, ($($argument:expr),*)) => {
        match $name {
            Ed25519::NAME => $function::<Ed25519>($($argument),*),
            Belenios2048Group::NAME => $function::<Belenios2048Group>($($argument),*),
            Rfc3526Group::NAME => $function::<Rfc3526Group>($($argument),*),
            other => Err(KernelError(format!(
                "unknown group {}; expected Ed25519, BELENIOS-2048 or RFC-3526-2048",
                $crate::text::shown(other)
            ))),
        }
    };
}

pub(crate) use in_group;

/// Reads the set-up of an election.
pub fn open(election: &[u8], trustees: &[u8], credentials: &[u8]) -> Result<Arc<dyn Poll>, KernelError> {
    fn open_in<G: Group>(e: &[u8], t: &[u8], c: &[u8]) -> Result<Arc<dyn Poll>, KernelError> {
        Ok(Arc::new(Setup::<G>::read(e, t, c)?))
    }
    in_group!(group_of(election)?.as_str(), open_in, (election, trustees, credentials))
}

/// (private key file, public key object).
pub fn new_trustee(group: &str, rng: &mut dyn CryptoRng) -> Result<(Zeroizing<String>, String), KernelError> {
    fn inner<G: Group>(rng: &mut dyn CryptoRng) -> Result<(Zeroizing<String>, String), KernelError> {
        Ok(trustee::fresh::<G>(rng))
    }
    in_group!(group, inner, (rng))
}

pub fn trustee_public(group: &str, private_key: &[u8]) -> Result<String, KernelError> {
    use trustee::public_of;
    in_group!(group, public_of, (private_key))
}

pub fn new_credentials(
    group: &str,
    uuid: &str,
    count: usize,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<(Zeroizing<String>, String)>, KernelError> {
    use credential::fresh_list;
    in_group!(group, fresh_list, (uuid, count, rng))
}

pub fn credential_public(group: &str, uuid: &str, credential: &str) -> Result<String, KernelError> {
    use credential::public;
    in_group!(group, public, (uuid, credential))
}

pub fn sort_elements(group: &str, elements: Vec<String>) -> Result<Vec<String>, KernelError> {
    use trustee::sorted;
    in_group!(group, sorted, (elements))
}

pub fn joint_key(group: &str, keys: &[String]) -> Result<String, KernelError> {
    use trustee::joint_key;
    in_group!(group, joint_key, (keys))
}
