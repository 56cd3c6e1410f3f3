"""Whether a statement speaks of its orders instead of the town's matters, in any language."""

from __future__ import annotations

import re

from service.concerns import Concern, find_concern
from service.signs import fold_signs

# What orders are called, and who may be named as having them.
_ORDERS = fold_signs(
    r"""system ?prompt\w*|\bprompt\w* (?:del? |di |du )?(?:syst|sist)\w+|промпт\w*
    |system ?(?:instruction|message|anweisung|nachricht)\w*
    |\b(?:the|my|your|this|diese[rmn]?|meine?[nmr]?|im) prompts?\b
    |\b(?:language model|sprachmodell\w*|dil modeli\w*|model\w* języków\w*|мовн\w+ модел\w+
    |языков\w+ модел\w+|نموذج لغوي|مدل زبانی|modèle de langage|modelo de lenguaje
    |modello linguistico|model lingvistic)|\bas an ai\b|\bals ki\b|\bki-modell\w*|\bchatbot\w*
    |\b(?:my|these|the|previous|above|all|your) (?:previous |prior |system )?instructions?\b
    |\binstructions? (?:in|of|from) the (?:text|document|prompt|data)
    |\bi (?:was|am|have been) (?:told|instructed|ordered|asked)|\bi (?:follow|obey|ignore)\b
    |\b(?:meine[nr]?|diese[nr]?|vorherige[nr]?|obige[nr]?) (?:system)?(?:anweisung|instruktion)\w*
    |\bich (?:wurde|bin) (?:angewiesen|beauftragt)|\bich (?:befolge|ignoriere)\b
    |\b(?:sistem )?talimat(?:ım|ıma|larım|larıma|ına|lara|ları)\w*|\btalimatları
    |\b(?:мо[ияєїйе]\w*|системн\w+|попередн\w+) (?:систем\w+ )?(?:інструкц|вказівк)\w*
    |\b(?:мо[яеийю]\w*|системн\w+|предыдущ\w+) (?:систем\w+ )?(?:инструкц|указани)\w*
    |تعليماتي|تعليمات النظام|التعليمات السابقة|دستورالعمل (?:سیستم|من|های)|دستور ?های قبلی
    |\b(?:mes|les|vos|ces) (?:instructions|consignes)(?: système| précédentes)?\b
    |\b(?:mi[es]|las|sus|estas) instrucciones\b|\bcomo me (?:ordenaron|indicaron|pidieron)
    |\b(?:mie|le|queste|sue) istruzioni\b
    |\b(?:moj\w+|poprzedni\w+|systemow\w+) (?:instrukcj|polece)\w*
    |\binstrucțiuni\w* (?:mele|anterioare|sistem\w*)|\bam primit ordinul
    |\b(?:ignore|ignor[oaă]|olvid[eao]|vergiss|ignoriere|zignoruj|проігноруй|игнорируй)\b
    .{0,20}(?:document|text|instru|anweis|polece|інстр|инстр|istru)"""
)
_SPOKEN = re.compile(re.sub(r"\s*\n\s*", "", _ORDERS))


def speaks_of_orders(text: str) -> bool:
    """Whether a text speaks of instructions, of a prompt or of being a model, or gives orders."""
    return bool(_SPOKEN.search(fold_signs(text))) or find_concern(text) is Concern.INJECTION
