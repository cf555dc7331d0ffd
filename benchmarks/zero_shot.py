"""What a frozen encoder knows of genres without having seen a film with its genres.

python benchmarks/zero_shot.py data=imdb data.raw=FOLDER data.text=[title,description] features.pretrained=minilm

A film has a genre as far as its vector points where that of a sentence about the genre does: one with its name, or one
that describes it. Vectors are standardised by those of training films, whose genres are not looked at. Validation films
choose one threshold for all genres, or one for each. On test films, by known cells: Jaccard, F1 (samples), F1 (macro),
mean average precision.
"""

import sys

import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity

from genre.config import BaselineConfig, compose, instantiate
from genre.data.corpus import Corpus, Part
from genre.data.sources import prepared
from genre.decision import Decision, decide
from genre.metrics import multilabel_metrics, ranking_metrics
from genre.models.baselines.sentences import SentenceVectors
from genre.use.baseline import read_texts

DESCRIPTIONS = {
    "Action": "Chases, fights, shoot-outs and explosions, and a hero who stops a powerful enemy.",
    "Adventure": "A dangerous journey to far places, in search of a treasure or of home.",
    "Animation": "A cartoon with drawn or computer-made characters, often talking animals, toys or robots.",
    "Biography": "The true life story of a real and famous person.",
    "Comedy": "Funny mishaps, misunderstandings and jokes that make an audience laugh.",
    "Crime": "Gangsters, thieves, murderers, police and courts.",
    "Drama": "A serious story of people, their families, conflicts and feelings.",
    "Family": "A story for children and their parents to watch together.",
    "Fantasy": "Magic, wizards, fairies, mythical creatures and enchanted worlds.",
    "Film-Noir": "A cynical detective, a femme fatale and betrayal in the dark city of the 1940s.",
    "History": "Real events of the past, with kings, revolutions and nations.",
    "Horror": "Ghosts, monsters, killers and terror in a haunted place.",
    "Music": "Musicians, a band, singers, concerts and life on tour.",
    "Musical": "The characters break into song and dance as on Broadway.",
    "Mystery": "A puzzling disappearance or death, clues, secrets and an investigation.",
    "Romance": "Two people fall in love, part and find each other again.",
    "Sci-Fi": "Space ships, aliens, robots, time travel and the future of mankind.",
    "Sport": "Athletes, a team and a coach train to win the championship.",
    "Thriller": "Suspense, a conspiracy, a kidnapping and a race against time.",
    "War": "Soldiers in battle, an invasion, the front and an occupied country.",
    "Western": "Cowboys, outlaws and a sheriff on the American frontier.",
}


def main(cfg: BaselineConfig) -> None:
    """Print scores."""
    corpus = Corpus(prepared(cfg.data), cfg.data)
    texts = read_texts(corpus.table, cfg, corpus.cache)
    features: SentenceVectors = instantiate(cfg.features)
    features.read_ahead(texts, corpus.cache)
    features.fit([texts[row] for row in corpus.split.train], cfg.seed)

    def chances(part: Part, told: list[str]) -> Tensor:
        """How far films point where each label does, from 0 to 1 (B, L)."""
        films, labels = features.transform([texts[row] for row in corpus.rows(part)]), features.transform(told)
        near = cosine_similarity(torch.from_numpy(films)[:, None], torch.from_numpy(labels)[None], dim=2)
        return (1 + near) / 2

    val, test = (corpus.part_truth(part).scoring_of("val_known/jaccard") for part in ("val", "test"))
    names = [f"A film of the genre {name}." for name in corpus.label_names]
    for kind, told in (("names", names), ("descriptions", [DESCRIPTIONS[name] for name in corpus.label_names])):
        of_val, of_test = chances("val", told), chances("test", told)
        for option in ("global", "per_label"):
            decision: Decision = instantiate(compose("baseline", [f"decision={option}"]).decision)
            thresholds = decision.fit(of_val, val.targets, val.known)
            scores = multilabel_metrics(decide(of_test, thresholds, "probability"), test.targets, test.known)
            scores |= ranking_metrics(of_test, test.targets, test.known)
            shown = ("jaccard", "f1_samples", "f1_macro", "mean_average_precision")
            print(f"{kind:12} {option:9}", *(f"{name} {scores[name]:.3f}" for name in shown))


if __name__ == "__main__":
    main(compose("baseline", ["features=encoder", *sys.argv[1:]]))
