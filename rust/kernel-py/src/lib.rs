//! The Python face of the kernel: conversions, the interpreter lock, the operating system's randomness.
#![forbid(unsafe_code)]

mod count;

use std::sync::{Arc, Mutex, MutexGuard};

use getrandom::SysRng;
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::PyBytes;
use rand_core::UnwrapErr;
use selectorate_kernel as kernel;
use selectorate_kernel::pedersen::face;

create_exception!(selectorate._kernel, KernelError, PyValueError, "Input that a caller should have checked.");

type Faults = Vec<(&'static str, String)>;

fn refused(error: kernel::KernelError) -> PyErr {
    KernelError::new_err(error.0)
}

/// The operating system's randomness; should it ever fail, the call ends with an exception.
fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

fn slices(ballots: &[PyBackedBytes]) -> Vec<&[u8]> {
    ballots.iter().map(|bytes| &bytes[..]).collect()
}

fn bytes<'py>(py: Python<'py>, made: Result<Vec<u8>, kernel::KernelError>) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &made.map_err(refused)?))
}

#[pyfunction]
fn new_trustee<'py>(py: Python<'py>, group: &str) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
    let (private, public) = py.detach(|| kernel::poll::new_trustee(group, &mut rng())).map_err(refused)?;
    Ok((PyBytes::new(py, private.as_bytes()), PyBytes::new(py, public.as_bytes())))
}

#[pyfunction]
fn trustee_public(py: Python<'_>, group: &str, private_key: &[u8]) -> PyResult<String> {
    py.detach(|| kernel::poll::trustee_public(group, private_key)).map_err(refused)
}

#[pyfunction]
fn new_credentials(py: Python<'_>, group: &str, uuid: &str, count: usize) -> PyResult<Vec<(String, String)>> {
    let made =
        py.detach(|| kernel::poll::new_credentials(group, uuid, count, &mut rng())).map_err(refused)?;
    Ok(made.into_iter().map(|(private, public)| (private.to_string(), public)).collect())
}

#[pyfunction]
fn credential_public(py: Python<'_>, group: &str, uuid: &str, credential: &str) -> PyResult<String> {
    py.detach(|| kernel::poll::credential_public(group, uuid, credential)).map_err(refused)
}

#[pyfunction]
fn sort_elements(py: Python<'_>, group: &str, elements: Vec<String>) -> PyResult<Vec<String>> {
    py.detach(|| kernel::poll::sort_elements(group, elements)).map_err(refused)
}

#[pyfunction]
fn seal_electorate<'py>(
    py: Python<'py>,
    salts: &[u8],
    lines: Vec<PyBackedStr>,
) -> PyResult<(Bound<'py, PyBytes>, Vec<u32>, Bound<'py, PyBytes>)> {
    let held: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
    let made = py.detach(|| kernel::electorate::seal(salts, &held)).map_err(refused)?;
    Ok((PyBytes::new(py, &made.commitments), made.places, PyBytes::new(py, &made.root)))
}

#[pyfunction]
fn joint_key(py: Python<'_>, group: &str, public_keys: Vec<String>) -> PyResult<String> {
    py.detach(|| kernel::poll::joint_key(group, &public_keys)).map_err(refused)
}

/// Results of the ceremony's own steps, bytes shared with Python.
type Shares<'py> = (Bound<'py, PyBytes>, Vec<(usize, String)>);

#[pyfunction]
fn prove_held<'py>(
    py: Python<'py>,
    group: &str,
    private_key: &[u8],
    statement: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    bytes(py, py.detach(|| face::prove_held(group, private_key, statement, &mut rng())))
}

#[pyfunction]
fn check_held(
    py: Python<'_>,
    group: &str,
    public_key: &str,
    statement: &str,
    proof: &[u8],
) -> PyResult<String> {
    py.detach(|| face::check_held(group, public_key, statement, proof)).map_err(refused)
}

#[pyfunction]
fn group_key(py: Python<'_>, group: &str, parameters: &[u8]) -> PyResult<String> {
    py.detach(|| face::group_key(group, parameters)).map_err(refused)
}

#[pyfunction]
fn pedersen_certificate<'py>(
    py: Python<'py>,
    group: &str,
    size: usize,
    threshold: usize,
    index: usize,
) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
    let made = py.detach(|| face::certificate(group, size, threshold, index, &mut rng()));
    let (seed, certificate) = made.map_err(refused)?;
    Ok((PyBytes::new(py, seed.as_bytes()), PyBytes::new(py, certificate.as_bytes())))
}

#[pyfunction]
fn pedersen_certificate_faults(
    py: Python<'_>,
    group: &str,
    size: usize,
    threshold: usize,
    index: usize,
    certificate: &[u8],
) -> PyResult<Vec<String>> {
    py.detach(|| face::certificate_faults(group, size, threshold, index, certificate)).map_err(refused)
}

#[pyfunction]
fn pedersen_polynomial<'py>(
    py: Python<'py>,
    group: &str,
    private: &[u8],
    threshold: usize,
    certificates: Vec<PyBackedBytes>,
) -> PyResult<Bound<'py, PyBytes>> {
    let certificates = slices(&certificates);
    bytes(py, py.detach(|| face::polynomial(group, private, threshold, &certificates, &mut rng())))
}

#[pyfunction]
fn pedersen_polynomial_faults(
    py: Python<'_>,
    group: &str,
    threshold: usize,
    certificates: Vec<PyBackedBytes>,
    index: usize,
    polynomial: &[u8],
) -> PyResult<Vec<String>> {
    let certificates = slices(&certificates);
    py.detach(|| face::polynomial_faults(group, threshold, &certificates, index, polynomial)).map_err(refused)
}

#[pyfunction]
fn pedersen_share<'py>(
    py: Python<'py>,
    group: &str,
    private: &[u8],
    threshold: usize,
    certificates: Vec<PyBackedBytes>,
    polynomials: Vec<PyBackedBytes>,
) -> PyResult<Shares<'py>> {
    let (certificates, polynomials) = (slices(&certificates), slices(&polynomials));
    let opened =
        py.detach(|| face::share(group, private, threshold, &certificates, &polynomials, &mut rng()));
    let (voutput, bad) = opened.map_err(refused)?;
    Ok((PyBytes::new(py, &voutput), bad))
}

#[pyfunction]
fn pedersen_share_faults(
    py: Python<'_>,
    group: &str,
    threshold: usize,
    certificates: Vec<PyBackedBytes>,
    polynomials: Vec<PyBackedBytes>,
    index: usize,
    voutput: &[u8],
) -> PyResult<Vec<String>> {
    let (certificates, polynomials) = (slices(&certificates), slices(&polynomials));
    py.detach(|| face::share_faults(group, threshold, &certificates, &polynomials, index, voutput))
        .map_err(refused)
}

#[pyfunction]
fn pedersen_complaint<'py>(
    py: Python<'py>,
    group: &str,
    private: &[u8],
    certificates: Vec<PyBackedBytes>,
    sender: usize,
    polynomial: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let certificates = slices(&certificates);
    bytes(py, py.detach(|| face::complaint(group, private, &certificates, sender, polynomial, &mut rng())))
}

#[pyfunction]
#[allow(clippy::too_many_arguments)] // Python's side of it, with the interpreter's own
fn pedersen_complaint_holds(
    py: Python<'_>,
    group: &str,
    threshold: usize,
    certificates: Vec<PyBackedBytes>,
    sender: usize,
    index: usize,
    polynomial: &[u8],
    complaint: &[u8],
) -> PyResult<(bool, String)> {
    let certificates = slices(&certificates);
    let between = (sender, index);
    py.detach(|| face::complaint_holds(group, threshold, &certificates, between, polynomial, complaint))
        .map_err(refused)
}

#[pyfunction]
fn pedersen_parameters<'py>(
    py: Python<'py>,
    group: &str,
    threshold: usize,
    certificates: Vec<PyBackedBytes>,
    polynomials: Vec<PyBackedBytes>,
    voutputs: Vec<PyBackedBytes>,
) -> PyResult<Bound<'py, PyBytes>> {
    let (certificates, polynomials) = (slices(&certificates), slices(&polynomials));
    let voutputs = slices(&voutputs);
    bytes(py, py.detach(|| face::parameters(group, threshold, &certificates, &polynomials, &voutputs)))
}

#[pyfunction]
fn pedersen_private<'py>(
    py: Python<'py>,
    group: &str,
    private: &[u8],
    voutput: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let key = py.detach(|| face::private(group, private, voutput)).map_err(refused)?;
    Ok(PyBytes::new(py, key.as_bytes()))
}

#[pyfunction]
fn pedersen_sign<'py>(
    py: Python<'py>,
    group: &str,
    private: &[u8],
    message: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    bytes(py, py.detach(|| face::sign(group, private, message, &mut rng())))
}

#[pyfunction]
fn pedersen_signature_fault(
    py: Python<'_>,
    group: &str,
    certificate: &[u8],
    message: &str,
    signature: &[u8],
) -> PyResult<String> {
    py.detach(|| face::signature_fault(group, certificate, message, signature)).map_err(refused)
}

#[pyclass(frozen, module = "selectorate._kernel")]
struct Election(Arc<dyn kernel::Poll>);

#[pymethods]
impl Election {
    #[new]
    fn new(py: Python<'_>, election: &[u8], trustees: &[u8], credentials: &[u8]) -> PyResult<Self> {
        py.detach(|| kernel::open(election, trustees, credentials)).map(Election).map_err(refused)
    }

    #[getter]
    fn group(&self) -> &'static str {
        self.0.group()
    }

    #[getter]
    fn uuid(&self) -> &str {
        self.0.uuid()
    }

    #[getter]
    fn fingerprint(&self) -> &str {
        self.0.fingerprint()
    }

    fn check_setup(&self, py: Python<'_>) -> Faults {
        py.detach(|| self.0.check_setup())
    }

    fn make_ballots<'py>(
        &self,
        py: Python<'py>,
        credentials: Vec<String>,
        choices: Vec<String>,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let made = py.detach(|| self.0.make_ballots(&credentials, &choices, &mut rng())).map_err(refused)?;
        Ok(made.iter().map(|ballot| PyBytes::new(py, ballot)).collect())
    }

    fn check_ballots(&self, py: Python<'_>, ballots: Vec<PyBackedBytes>) -> Vec<(String, Faults)> {
        py.detach(|| self.0.check_ballots(&slices(&ballots)))
    }

    fn tally(&self, py: Python<'_>) -> PyResult<Tally> {
        let made = py.detach(|| self.0.clone().tally()).map_err(refused)?;
        Ok(Tally(Mutex::new(made)))
    }

    fn shuffle<'py>(&self, py: Python<'py>, ciphertexts: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.shuffle(ciphertexts, &mut rng())))
    }

    fn check_shuffle(&self, py: Python<'_>, ciphertexts: &[u8], shuffle: &[u8]) -> PyResult<Faults> {
        py.detach(|| self.0.check_shuffle(ciphertexts, shuffle)).map_err(refused)
    }

    fn decrypt<'py>(
        &self,
        py: Python<'py>,
        private_key: &[u8],
        ciphertexts: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.decrypt(private_key, ciphertexts, &mut rng())))
    }

    fn check_decryption(
        &self,
        py: Python<'_>,
        owner: usize,
        ciphertexts: &[u8],
        decryption: &[u8],
    ) -> PyResult<Faults> {
        py.detach(|| self.0.check_decryption(owner, ciphertexts, decryption)).map_err(refused)
    }

    fn result<'py>(
        &self,
        py: Python<'py>,
        ciphertexts: &[u8],
        decryptions: Vec<(usize, PyBackedBytes)>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let owned: Vec<(usize, &[u8])> =
            decryptions.iter().map(|(owner, bytes)| (*owner, &bytes[..])).collect();
        bytes(py, py.detach(|| self.0.result(ciphertexts, &owned)))
    }
}

#[pyclass(frozen, module = "selectorate._kernel")]
struct Tally(Mutex<Box<dyn kernel::Count>>);

impl Tally {
    fn lock(&self) -> PyResult<MutexGuard<'_, Box<dyn kernel::Count>>> {
        self.0.lock().map_err(|_| KernelError::new_err("an earlier call on this tally broke off"))
    }
}

#[pymethods]
impl Tally {
    fn add(&self, py: Python<'_>, ballots: Vec<PyBackedBytes>) -> PyResult<()> {
        py.detach(|| self.lock()?.add(&slices(&ballots)).map_err(refused))
    }

    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let made = py.detach(|| Ok::<_, PyErr>(self.lock()?.finish()))?;
        Ok(PyBytes::new(py, &made))
    }
}

#[pymodule]
mod _kernel {
    #[pymodule_export]
    use super::count::{CountRefused, PaperFault, Papers, count_papers, read_papers};
    #[pymodule_export]
    use super::{
        Election, KernelError, Tally, check_held, credential_public, group_key, joint_key, new_credentials,
        new_trustee, pedersen_certificate, pedersen_certificate_faults, pedersen_complaint,
        pedersen_complaint_holds, pedersen_parameters, pedersen_polynomial, pedersen_polynomial_faults,
        pedersen_private, pedersen_share, pedersen_share_faults, pedersen_sign, pedersen_signature_fault,
        prove_held, seal_electorate, sort_elements, trustee_public,
    };
}
