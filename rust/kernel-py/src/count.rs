//! The Python face of the count's fast path: papers stay here, whole sheets cross as JSON.

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use selectorate_count as fast;
use selectorate_count::read::Layout;

create_exception!(
    selectorate._kernel,
    PaperFault,
    PyValueError,
    "A file of papers stops at a line: (line, why)."
);
create_exception!(
    selectorate._kernel,
    CountRefused,
    PyValueError,
    "No sheet: (\"tie\", stage, names), (\"order\", 0, []) or (\"unknown\", 0, [what])."
);

fn fault(found: fast::Fault) -> PyErr {
    PaperFault::new_err((found.line, found.because))
}

fn refused(found: fast::Refused) -> PyErr {
    match found {
        fast::Refused::Tie { names, stage } => CountRefused::new_err(("tie", stage, names)),
        fast::Refused::Order => CountRefused::new_err(("order", 0, Vec::<String>::new())),
        fast::Refused::Unknown(what) => CountRefused::new_err(("unknown", 0, vec![what])),
    }
}

/// Rankings with weights, as Python sees them.
type Weighted<'py> = Vec<(Bound<'py, PyTuple>, u64)>;

#[pyclass(frozen, module = "selectorate._kernel")]
pub struct Papers(fast::Papers);

#[pymethods]
impl Papers {
    #[staticmethod]
    #[pyo3(signature = (candidates, rankings, blank=0))]
    fn gather(
        py: Python<'_>,
        candidates: Vec<String>,
        rankings: Vec<(Vec<u16>, u64)>,
        blank: u64,
    ) -> PyResult<Self> {
        let size = candidates.len();
        let sound = |one: &Vec<u16>| {
            let mut sorted = one.clone();
            sorted.sort_unstable();
            sorted.dedup();
            !one.is_empty() && sorted.len() == one.len() && sorted.iter().all(|&at| usize::from(at) < size)
        };
        if let Some((odd, _)) = rankings.iter().find(|(one, _)| !sound(one)) {
            return Err(PyValueError::new_err(format!("no ranking of {size} candidates: {odd:?}")));
        }
        let total = rankings.iter().try_fold(0_u64, |sum, (_, many)| sum.checked_add(*many));
        if total.is_none_or(|papers| papers > fast::papers::PAPERS_MAX)
            || rankings.iter().any(|one| one.1 == 0)
        {
            return Err(PyValueError::new_err("no paper of a ranking, or too many"));
        }
        let uniques = py.detach(|| fast::Uniques::gather(rankings));
        Ok(Self(fast::Papers { candidates, blank, uniques, ..fast::Papers::default() }))
    }

    fn joined(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        if self.0.candidates != other.0.candidates {
            return Err(PyValueError::new_err("the candidates differ"));
        }
        Ok(Self(py.detach(|| self.0.joined(&other.0))))
    }

    #[getter]
    fn candidates(&self) -> Vec<String> {
        self.0.candidates.clone()
    }

    #[getter]
    fn withdrawn(&self) -> Vec<u16> {
        self.0.withdrawn.clone()
    }

    #[getter]
    fn seats(&self) -> u64 {
        self.0.seats
    }

    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    #[getter]
    fn blank(&self) -> u64 {
        self.0.blank
    }

    #[getter]
    fn valid(&self) -> u64 {
        self.0.uniques.total()
    }

    fn __len__(&self) -> usize {
        self.0.uniques.len()
    }

    fn uniques<'py>(&self, py: Python<'py>) -> PyResult<Weighted<'py>> {
        self.0.uniques.iter().map(|(ranking, many)| Ok((PyTuple::new(py, ranking)?, many))).collect()
    }

    fn odd<'py>(&self, py: Python<'py>) -> PyResult<Weighted<'py>> {
        let rank = |one: &Vec<u16>| {
            let marks = one.iter().map(|&at| if at == fast::papers::OVERVOTE { -1 } else { i32::from(at) });
            PyTuple::new(py, marks.collect::<Vec<i32>>())
        };
        let paper = |marks: &fast::papers::Marks| -> PyResult<Bound<'py, PyTuple>> {
            PyTuple::new(py, marks.iter().map(rank).collect::<PyResult<Vec<_>>>()?)
        };
        self.0.odd.iter().map(|(marks, many)| Ok((paper(marks)?, *many))).collect()
    }
}

#[pyfunction]
#[pyo3(signature = (data, kind, *, heading=1, many=None, ranks=(0, 1001), candidates=Vec::new()))]
pub fn read_papers(
    py: Python<'_>,
    data: &[u8],
    kind: &str,
    heading: usize,
    many: Option<usize>,
    ranks: (usize, usize),
    candidates: Vec<String>,
) -> PyResult<Papers> {
    let kind = match kind {
        "ranks" => fast::Kind::Ranks { layout: Layout { heading, many, ranks }, candidates },
        "scot-elex" => fast::Kind::ScotElex,
        "blt" => fast::Kind::Blt,
        other => return Err(PyValueError::new_err(format!("no form of papers is called {other}"))),
    };
    py.detach(|| fast::read(data, &kind)).map(Papers).map_err(fault)
}

#[pyfunction]
#[pyo3(signature = (papers, parameters, seats, seed, order=Vec::new()))]
pub fn count_papers<'py>(
    py: Python<'py>,
    papers: &Papers,
    parameters: Vec<(String, String)>,
    seats: usize,
    seed: Option<&str>,
    order: Vec<u32>,
) -> PyResult<Bound<'py, PyBytes>> {
    let parameters = fast::Parameters(parameters.into_iter().collect());
    let sheet = py.detach(|| fast::count(&papers.0, &parameters, seats, seed, &order)).map_err(refused)?;
    Ok(PyBytes::new(py, sheet.as_bytes()))
}
