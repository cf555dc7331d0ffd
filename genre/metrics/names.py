"""Metrics by name: what they are called, which of them lead, which are better when lower."""

PARTS = {"test": "test", "val": "validation", "cv": "cross-validation"}
AVERAGES = ("samples", "micro", "macro", "weighted")
SCORES = ("precision", "recall", "f1")
METRICS = {
    "jaccard": "Jaccard (samples)",
    "hamming_loss": "Hamming loss",
    "subset_accuracy": "Subset accuracy",
    "precision_samples": "Precision (samples)",
    "recall_samples": "Recall (samples)",
    "f1_samples": "F1 (samples)",
    "f1_micro": "F1 (micro)",
    "f1_macro": "F1 (macro)",
    "f1_macro_supported": "F1 (macro, with support)",
    "at_least_one": "At least one",
    "at_least_two": "At least two",
    "cardinality_true": "Genres a film, true",
    "cardinality_predicted": "Genres a film, predicted",
    "fallback_share": "Films under every threshold",
    "mean_average_precision": "Average precision (macro)",
    "map_micro": "Average precision (micro)",
    "lrap": "Label ranking precision",
    "ranking_loss": "Ranking loss",
    "coverage_error": "Coverage error",
    "calibration_error": "Calibration error (pooled)",
    "calibration_error_macro": "Calibration error (macro)",
}
MAIN_METRICS = (
    "jaccard",
    "f1_samples",
    "f1_micro",
    "f1_macro",
    "mean_average_precision",
    "hamming_loss",
    "at_least_one",
)
_LOWER_IS_BETTER = (
    "hamming_loss",
    "ranking_loss",
    "coverage_error",
    "calibration_error",
    "calibration_error_macro",
    "fallback_share",
)


def lower_is_better(metric: str) -> bool:
    """Whether a lower value of a metric, such as `test/hamming_loss`, is the better one."""
    return metric.partition("/")[2] in _LOWER_IS_BETTER
