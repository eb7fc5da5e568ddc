//! The Python face of the kernel: conversions, the interpreter lock, the operating system's randomness.
#![forbid(unsafe_code)]

use getrandom::SysRng;
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use rand_core::UnwrapErr;
use selectorate_kernel as kernel;

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
fn joint_key(py: Python<'_>, group: &str, public_keys: Vec<String>) -> PyResult<String> {
    py.detach(|| kernel::poll::joint_key(group, &public_keys)).map_err(refused)
}

#[pyclass(frozen, module = "selectorate._kernel")]
struct Election(Box<dyn kernel::Poll>);

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

    fn check_ballots(
        &self,
        py: Python<'_>,
        ballots: Vec<PyBackedBytes>,
    ) -> Vec<(&'static str, String, String)> {
        py.detach(|| self.0.check_ballots(&slices(&ballots)))
    }

    fn encrypted_tally<'py>(
        &self,
        py: Python<'py>,
        ballots: Vec<PyBackedBytes>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.encrypted_tally(&slices(&ballots))))
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
        decryptions: Vec<PyBackedBytes>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.result(ciphertexts, &slices(&decryptions))))
    }
}

#[pymodule]
mod _kernel {
    #[pymodule_export]
    use super::{
        Election, KernelError, credential_public, joint_key, new_credentials, new_trustee, sort_elements,
        trustee_public,
    };
}
