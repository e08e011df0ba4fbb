//! The same chain with more trust than the process has, and the certificate that then vouches for it.

use std::sync::Arc;

use crate::case::{Case, Trust, Viewpoint};
use crate::certificate::Certificate;
use crate::verify::{Examined, Origin, Verdict};

/// A chain that was judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged<'a> {
    pub case: &'a Case,
    pub viewpoint: &'a Viewpoint,
    pub verdict: &'a Verdict,
}

impl<'a> From<(&'a Case, &'a Viewpoint, &'a Verdict)> for Judged<'a> {
    fn from((case, viewpoint, verdict): (&'a Case, &'a Viewpoint, &'a Verdict)) -> Self {
        Self {
            case,
            viewpoint,
            verdict,
        }
    }
}

/// The end of a path, and what the verdict is with it.
#[derive(Debug)]
pub(super) struct Anchored {
    anchor: Arc<Examined>,
    pub verdict: Verdict,
}

impl Anchored {
    pub fn certificate(&self) -> &Certificate {
        &self.anchor.certificate
    }

    /// The file that holds it, where it came from one.
    pub fn path(&self) -> Option<String> {
        let mut sources = self.anchor.certificate.sources.iter();
        let path = sources.find_map(|source| source.path.as_ref())?;
        Some(path.display().to_string())
    }
}

impl<'a> Judged<'a> {
    /// What vouches for the chain once `more` is trusted too; `None` when nothing does.
    pub fn with(self, more: &Arc<Trust>) -> Option<Anchored> {
        let parts = vec![Arc::clone(&self.viewpoint.trust), Arc::clone(more)];
        self.by(Arc::new(Trust::union(parts)))
    }

    /// What vouches for the chain in a store.
    pub fn by(self, trust: Arc<Trust>) -> Option<Anchored> {
        let viewpoint = Viewpoint {
            trust,
            ..self.viewpoint.clone()
        };
        let verdict = self.case.judge(&viewpoint);
        if verdict.lacks_anchor() {
            return None;
        }
        let last = verdict.path.last()?;
        matches!(last.origin, Origin::Store(_)).then(|| Anchored {
            anchor: Arc::clone(&last.certificate),
            verdict: verdict.clone(),
        })
    }

    /// The certificates of the path, from the leaf.
    pub fn path(self) -> impl Iterator<Item = &'a Certificate> {
        self.verdict
            .path
            .iter()
            .map(|element| &element.certificate.certificate)
    }

    pub fn leaf(self) -> Option<&'a Certificate> {
        self.path().next()
    }

    /// Where the path ends.
    pub fn top(self) -> Option<&'a Certificate> {
        self.path().last()
    }
}
