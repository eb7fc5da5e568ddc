//! One face of the ceremony for all groups.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::check::{self, Ceremony, Polynomial};
use super::make;
use crate::KernelError;
use crate::ed25519::Ed25519;
use crate::finite::{Belenios2048Group, Rfc3526Group};
use crate::group::Group;
use crate::poll::in_group;
use crate::trustee;

type Bytes<'a> = [&'a [u8]];

pub fn certificate(
    group: &str,
    size: usize,
    threshold: usize,
    index: usize,
    rng: &mut dyn CryptoRng,
) -> Result<(Zeroizing<String>, String), KernelError> {
    use make::certificate;
    in_group!(group, certificate, (size, threshold, index, rng))
}

pub fn certificate_faults(
    group: &str,
    size: usize,
    threshold: usize,
    index: usize,
    certificate: &[u8],
) -> Result<Vec<String>, KernelError> {
    fn inner<G: Group>(s: usize, t: usize, i: usize, c: &[u8]) -> Result<Vec<String>, KernelError> {
        Ok(check::certificate_faults::<G>(s, t, i, c))
    }
    in_group!(group, inner, (size, threshold, index, certificate))
}

pub fn polynomial(
    group: &str,
    private: &[u8],
    threshold: usize,
    certificates: &Bytes<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    fn inner<G: Group>(
        private: &[u8],
        threshold: usize,
        certificates: &Bytes<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, KernelError> {
        make::polynomial(private, &Ceremony::<G>::read(threshold, certificates)?, rng)
    }
    in_group!(group, inner, (private, threshold, certificates, rng))
}

pub fn polynomial_faults(
    group: &str,
    threshold: usize,
    certificates: &Bytes<'_>,
    index: usize,
    polynomial: &[u8],
) -> Result<Vec<String>, KernelError> {
    fn inner<G: Group>(
        threshold: usize,
        certificates: &Bytes<'_>,
        index: usize,
        polynomial: &[u8],
    ) -> Result<Vec<String>, KernelError> {
        let ceremony = Ceremony::<G>::read(threshold, certificates)?;
        Ok(Polynomial::read(&ceremony, index, polynomial).err().into_iter().collect())
    }
    in_group!(group, inner, (threshold, certificates, index, polynomial))
}

pub fn share(
    group: &str,
    private: &[u8],
    threshold: usize,
    certificates: &Bytes<'_>,
    polynomials: &Bytes<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<make::Shares, KernelError> {
    fn inner<G: Group>(
        private: &[u8],
        threshold: usize,
        certificates: &Bytes<'_>,
        polynomials: &Bytes<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<make::Shares, KernelError> {
        make::share(private, &Ceremony::<G>::read(threshold, certificates)?, polynomials, rng)
    }
    in_group!(group, inner, (private, threshold, certificates, polynomials, rng))
}

pub fn share_faults(
    group: &str,
    threshold: usize,
    certificates: &Bytes<'_>,
    polynomials: &Bytes<'_>,
    index: usize,
    voutput: &[u8],
) -> Result<Vec<String>, KernelError> {
    fn inner<G: Group>(
        threshold: usize,
        certificates: &Bytes<'_>,
        polynomials: &Bytes<'_>,
        index: usize,
        voutput: &[u8],
    ) -> Result<Vec<String>, KernelError> {
        check::share_faults(&Ceremony::<G>::read(threshold, certificates)?, polynomials, index, voutput)
    }
    in_group!(group, inner, (threshold, certificates, polynomials, index, voutput))
}

/// The threshold is the one that the certificates name.
pub fn complaint(
    group: &str,
    private: &[u8],
    certificates: &Bytes<'_>,
    sender: usize,
    polynomial: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    fn inner<G: Group>(
        private: &[u8],
        certificates: &Bytes<'_>,
        sender: usize,
        polynomial: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, KernelError> {
        let threshold = check::threshold_in(certificates)?;
        let ceremony = Ceremony::<G>::read(threshold, certificates)?;
        make::complaint(private, &ceremony, sender, polynomial, rng)
    }
    in_group!(group, inner, (private, certificates, sender, polynomial, rng))
}

pub fn complaint_holds(
    group: &str,
    threshold: usize,
    certificates: &Bytes<'_>,
    (sender, index): (usize, usize),
    polynomial: &[u8],
    complaint: &[u8],
) -> Result<(bool, String), KernelError> {
    fn inner<G: Group>(
        threshold: usize,
        certificates: &Bytes<'_>,
        sender: usize,
        index: usize,
        polynomial: &[u8],
        complaint: &[u8],
    ) -> Result<(bool, String), KernelError> {
        let ceremony = Ceremony::<G>::read(threshold, certificates)?;
        check::complaint_holds(&ceremony, sender, index, polynomial, complaint)
    }
    in_group!(group, inner, (threshold, certificates, sender, index, polynomial, complaint))
}

pub fn parameters(
    group: &str,
    threshold: usize,
    certificates: &Bytes<'_>,
    polynomials: &Bytes<'_>,
    voutputs: &Bytes<'_>,
) -> Result<Vec<u8>, KernelError> {
    fn inner<G: Group>(
        threshold: usize,
        certificates: &Bytes<'_>,
        polynomials: &Bytes<'_>,
        voutputs: &Bytes<'_>,
    ) -> Result<Vec<u8>, KernelError> {
        check::parameters(&Ceremony::<G>::read(threshold, certificates)?, polynomials, voutputs)
    }
    in_group!(group, inner, (threshold, certificates, polynomials, voutputs))
}

pub fn private(group: &str, private: &[u8], voutput: &[u8]) -> Result<Zeroizing<String>, KernelError> {
    use make::private as own;
    in_group!(group, own, (private, voutput))
}

pub fn group_key(group: &str, parameters: &[u8]) -> Result<String, KernelError> {
    use check::group_key as key;
    in_group!(group, key, (parameters))
}

/// A member's signature of a letter of the ceremony.
pub fn sign(
    group: &str,
    private: &[u8],
    message: &str,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    use make::signed;
    in_group!(group, signed, (private, message, rng))
}

pub fn signature_fault(
    group: &str,
    certificate: &[u8],
    message: &str,
    signature: &[u8],
) -> Result<String, KernelError> {
    use check::letter_fault;
    in_group!(group, letter_fault, (certificate, message, signature))
}

pub fn prove_held(
    group: &str,
    private: &[u8],
    statement: &str,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KernelError> {
    use trustee::prove_held;
    in_group!(group, prove_held, (private, statement, rng))
}

pub fn check_held(group: &str, public: &str, statement: &str, proof: &[u8]) -> Result<String, KernelError> {
    fn inner<G: Group>(public: &str, statement: &str, proof: &[u8]) -> Result<String, KernelError> {
        Ok(trustee::check_held::<G>(public, statement, proof))
    }
    in_group!(group, inner, (public, statement, proof))
}
