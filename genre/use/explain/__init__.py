"""Which words of a text speak for a label, and which against it."""

from genre.use.explain.explain import explain as explain
from genre.use.explain.explanation import Explanation as Explanation
