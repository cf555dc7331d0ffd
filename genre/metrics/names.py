"""Metrics by name: what they are called, which of them lead, which are better when lower."""

# what metrics are of: the films, and by what they are scored
PARTS = {
    "test": "test",
    "test_known": "test, known cells",
    "test_files": "test, whole files",
    "val": "validation",
    "val_known": "validation, known cells",
    "cv": "cross-validation",
    "cv_known": "cross-validation, known cells",
}
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
    "all_found": "All found",
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
    "log_loss": "Log loss",
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
# metrics of some of the labels, where most films have none
OF_LABELS = (
    *("precision_micro", "precision_macro", "recall_micro", "recall_macro", "f1_micro", "f1_macro"),
    *("f1_macro_supported", "mean_average_precision", "map_micro", "calibration_error", "calibration_error_macro"),
    *("log_loss", "labels", "labels_supported"),
)
_LOWER_IS_BETTER = (
    "hamming_loss",
    "ranking_loss",
    "coverage_error",
    "calibration_error",
    "calibration_error_macro",
    "log_loss",
    "fallback_share",
)


def lower_is_better(metric: str) -> bool:
    """Whether a lower value of a metric, such as `test/hamming_loss`, is the better one."""
    return metric.partition("/")[2] in _LOWER_IS_BETTER
