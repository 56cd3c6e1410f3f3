"""Words around personal data in twelve languages: what announces a name, what follows none."""

from __future__ import annotations

import re

_NEAR = 60  # characters before a number in which an office makes it its own

# What a name surely follows, whatever its letters look like.
INTRODUCTIONS = re.compile(
    r"(?<!\w)(?:mein (?:voller |vollständiger )?name(?: ist| lautet)?|ich hei(?:ß|ss)e"
    r"|(?:vor-? ?(?:und|&) ?)?"
    r"(?:nach|vor|familien|zu)?name ?[:=]|auf den namen|i am called|my (?:full )?name(?: is|'s|’s)?"
    r"|full name ?[:=]|(?:benim )?ad[ıi]m(?: soyad[ıi]m)?|ismim|ad[ıi]? soyad[ıi] ?:|мене звати"
    r"|моє (?:ім['’ʼ]?я|прізвище)(?: -| —| –)?|меня зовут|мо[её] имя(?: -| —| –)?|моя фамилия"
    r"|фио ?:"
    r"|піб ?:|إ?اسمي(?: هو)?|اسمي الكامل|الاسم ?:|أدعى|(?:نام|اسم) من|اسمم|نامم"
    r"|نام و نام خانوادگی ?:"
    r"|je m['’]appelle|je me nomme|mon nom(?: est)?|nom(?: et prénom)? ?:|nazywam się|mam na imię"
    r"|moje imię(?: i nazwisko)?(?: to)?|imię i nazwisko ?:|me llamo"
    r"|mi nombre(?: completo)?(?: es)?"
    r"|nombre(?: y apellidos?)? ?:|mi chiamo|il mio nome è|nome(?: e cognome)? ?:|m[ăa] numesc"
    r"|m[ăa] cheam[ăa]|numele meu(?: este| e)?|nume(?: și prenume)? ?:)[:,]? +(?=[^\W\d_])",
    re.IGNORECASE,
)
# What a name of at least two words follows.
MENTIONS = re.compile(
    r"(?<!\w)(?:ich bin|hier (?:ist|spricht|schreibt)|(?:konto)?inhaber(?:in)?"
    r"|antragsteller(?:in)?|namens"
    r"|unterzeichner(?:in)?|bevollmächtigte[rn]?|gez\.|c/o|z\. ?hd\.|i\. ?a\.|i am|i['’]m|this is"
    r"|account holder|applicant|ben|hesap sahibi|я|власник рахунку|владелец счета|je suis|titulaire"
    r"|jestem|właściciel(?: konta)?|soy|titular|sono|intestatario|(?:eu )?sunt|titular(?:ul)?"
    r"|mein(?:e[mnrs]?)? (?:mann|ehemann|frau|ehefrau|sohn|tochter|kind|vater|mutter|bruder"
    r"|schwester|onkel"
    r"|tante|oma|opa|freund|freundin|partner|partnerin|nachbar|nachbarin|vermieter|vermieterin"
    r"|chef|chefin"
    r"|mieter|mieterin|kollegen?|kollegin)"
    r"|my (?:husband|wife|son|daughter|child|father|mother|brother|sister|partner|neighbou?r"
    r"|landlord|boss)"
    r"|eşim|oğlum|kızım|babam|annem|kardeşim|komşum|мій (?:чоловік|син|батько|брат|сусід)"
    r"|моя (?:дружина|дочка|донька|мати|сестра|жена|дочь|соседка)|мой (?:муж|сын|отец|брат|сосед)"
    r"|mon (?:mari|fils|père|frère|voisin)|ma (?:femme|fille|mère|sœur|voisine)"
    r"|mój (?:mąż|syn|ojciec|brat|sąsiad)|moja (?:żona|córka|matka|siostra|sąsiadka)"
    r"|mi (?:marido|esposo|esposa|mujer|hijo|hija|padre|madre|hermano|hermana|vecino|vecina)"
    r"|mi[oa] (?:marito|moglie|figlio|figlia|padre|madre|fratello|sorella|vicino|vicina)"
    r"|(?:soțul|fiul|tatăl|fratele|vecinul) meu|(?:soția|fiica|mama|sora"
    r"|vecina) mea)[:,]? +(?=[^\W\d_])",
    re.IGNORECASE,
)
GREETINGS = re.compile(
    r"(?<!\w)(?:(?:mit )?(?:freundlichen?|besten?|herzlichen?|vielen?|liebe[nr]?"
    r"|schöne[nr]?) gr(?:ü|ue)(?:ß|ss)en?"
    r"|hochachtungsvoll|(?:best|kind|warm) regards|yours (?:sincerely|faithfully)|sincerely"
    r"|saygılarımla"
    r"|selamlar|з повагою|с уважением|cordialement|(?:meilleures|sincères) salutations|z poważaniem"
    r"|pozdrawiam|atentamente|un (?:cordial )?saludo|saludos|cordiali saluti|distinti saluti"
    r"|cu stimă"
    r"|مع (?:أطيب التحيات|خالص التحية|التحية)|با احترام)[,!.]?\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_ACADEMIC = (
    r"(?:(?:dr|prof|dipl|mag|ing|med|jur|phil|rer|nat|h\. ?c|habil)(?:\.|-)(?:-?ing\.?"
    r"|-?[a-z]+\.)? ?"
    r"|doktor |professor(?:in)? |(?:ober)?bürgermeister(?:in)? |landr(?:at|ätin) "
    r"|amtsleiter(?:in)? "
    r"|stadtr(?:at|ätin) |minister(?:in)? |richter(?:in)? |direktor(?:in)? |pfarrer(?:in)? )*"
)
TITLES = re.compile(
    r"(?<![\w-])(?:herrn?|frau|fräulein|familie|fam\.|eheleute|hr\.|fr\.|mrs?\b\.?|ms\b\.?|miss"
    r"|monsieur|madame"
    r"|mademoiselle|mmes?\b\.?|mlle\b\.?|m\.|señora?|señorita|sr\.|sra\.|don|doña|signora?"
    r"|sig\.(?:ra)?|pan(?:i[aą]?|a|u|em)?|państwo"
    r"|domnu(?:l|lui)|doamn(?:a|ei)|dl\.|d-na|dna\.|bay(?:an)?|sayın|пан(?:[аеуі]|ом)?"
    r"|господин[ауе]?|господином"
    r"|госпож[аеуи]|г-н|г-жа|السيدة?|للسيدة?|آقای|خانم|(?:dr|prof)\.(?! ?-))(?: und frau"
    r"| and mrs\.?)? +"
    rf"{_ACADEMIC}(?=[^\W\d_])",
    re.IGNORECASE,
)
POSSESSIVE = re.compile(
    r"\b(?:mein|dein|sein|ihr|unser|eur|ein|kein|jed|dies|welch)e?[mnrs]? (?:\w+e[nrs]? )?$"
    r"|\b(?:als|die|der|pro|je) $",
    re.IGNORECASE,
)
FOLLOWED_BY_BIRTH = re.compile(
    r"[ ,;(]{1,4}(?:geb\.|geboren\b|born\b|née? (?:le|en)\b|ur\. |urodz|nacid[oa]\b|nat[oa] (?:il"
    r"|a)\b|născut|"
    r"народ\w+|родил\w+|doğumlu|wohnhaft\b|c/o\b|\* ?\d)",
    re.IGNORECASE,
)
MAIDEN = re.compile(r"\b(?:geb\.|geborene[rn]?|née) +(?=[^\W\d_])")

_PARTICLES = """
    von van vom zu zum zur auf der den dem de del della dello di da dal dos das do du des la le los
    las el al bin ibn ben bint abu ter ten op het af av y e i
"""
PARTICLES = frozenset(_PARTICLES.split())
# What never belongs to a name, though it may follow one, or what announces one.
_NO_NAMES = """
    pass ausweis passport pasaportta kimlikte kimliğimde passeport paszporcie pasaporte passaporto
    pașaport паспорте паспорті جواز und oder aber ich du er sie es wir ihr mein meine meiner
    meinen dein der die das den dem des ein eine einen im in am an auf aus bei beim mit nach seit
    von vor zu zum zur für wegen ohne über unter wie was wer wo wann warum wieso welche welcher
    welches kann können muss müssen darf soll will möchte brauche benötige habe hat haben bin ist
    sind war wohne wohnt wohnhaft geboren geb komme heiße jetzt nun nicht kein keine noch schon
    auch nur so sehr falsch richtig anders geändert doppelt verheiratet ledig geschieden verwitwet
    neu neue zufrieden bitte danke hallo guten tag gut gerne mieter mieterin rentner rentnerin
    student studentin deutsche deutscher deutschland staatsbürger staatsangehöriger herr frau
    herrn familie damen herren dr prof alleinerziehend alleinerziehende mutter vater eltern
    eigentümer vermieter ausländer flüchtling telefon tel handy mobil e-mail email mail adresse
    anschrift iban steuer-id and or but the my your his her our is are was i am live living at
    from born in on with for how what where when why who can could should would do does did have
    has need want please thanks not wrong misspelled spelled spelt incorrect missing different
    changed address phone email tax id passport ve veya ama ile için nasıl ne nerede kim yanlış
    değişti doğru telefonum adresim e-posta doğum doğumluyum і й та або але як що де коли чому хто
    мій моя моє телефон адреса народився народилася не и или но как что где когда почему кто мой
    моя моё мое телефон адрес родился родилась живу не почта et ou mais je mon ma mes comment quoi
    où quand pourquoi qui est suis né née habite mal pas téléphone oraz lub ale ja mój moja moje
    jak co gdzie kiedy dlaczego kto jest jestem mieszkam urodzony urodzona nie o pero yo mi mis
    cómo como qué que dónde donde cuándo quién es soy vivo nacido nacida no mal incorrecto ma io
    mio mia come che cosa dove quando perché chi è sono abito nato nata non sbagliato și si sau
    dar eu meu mea cum ce unde când cine este sunt locuiesc născut născută nu greșit است هست هستم
    و از در به با که هستید می را من تلفن آدرس شماره من في على إلى عن مع هو هي أنا كيف أين متى
    لماذا رقم هاتفي عنواني أسكن أريد وأسكن وأريد وأنا ورقم وعنواني وهاتفي وكيف ورقمي وأعيش أعيش
    ومولود ومواليد مواليد أحتاج وأحتاج
"""
NO_NAMES = frozenset(_NO_NAMES.split())
# Nouns that stand beside "Frau" or "Inhaber" without being a name.
COMMON_NOUN = re.compile(
    r".+(?:geld|antr[aä]ge?|amt|steuer|schein|karte|pass|ausweis|gebühr(?:en)?|beitr[aä]ge?"
    r"|urlaub|zeit|hilfe"
    r"|stelle|nummer|schutz|zeugnis|urkunde|erlaubnis|leistung(?:en)?|wohnung|meldung|förderung"
    r"|vertretung"
    r"|versicherung|bescheinigung|genehmigung|straße|str\.?|bürgermeister(?:in)?|beauftragte[rn]?"
    r"|satzung)"
    r"|(?:deutsch|ausländ|staats|student|estudiante|étudiant|bürger|präsident|bundes|kanzler)\w*"
    r"|gmbh|e\.?v",
    re.IGNORECASE,
)
OFFICES = re.compile(
    r"rathaus|bürgerbüro|bürgerservice|\w*[a-zäöü]amt(?:e?s)?\b|behörde|verwaltung|stadtkasse"
    r"|jobcenter|agentur|\bstadt\b"
    r"|\bgemeinde\b|zulassungsstelle|\w+stelle\b|polizei|feuerwehr|notruf|notdienst|hotline"
    r"|zentrale|bücherei"
    r"|bibliothek|\w*schule\b|\bkita|kindergarten|\w*bad\b|museum|krankenhaus|praxis|apotheke"
    r"|wertstoffhof"
    r"|recyclinghof|bauhof|gmbh|verein|town hall|city hall|\boffice\b|council|mairie|préfecture"
    r"|belediye"
    r"|müdürlüğü|urz[ąę]d\w*|ayuntamiento|oficina|comune|municipio|ufficio|primări\w*|мери\w+"
    r"|мэри\w+|ратуш\w*"
    r"|администрац\w*|управлін\w*|управлен\w*|البلدية|مكتب|دائرة|شهرداری|اداره",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:mich|mir|mein\w*|uns|unser\w*|my|me|our|benim|bana|мене|мені|мій|моя|моє|меня|мне|мой"
    r"|моё|мое|mon|ma"
    r"|moi|mój|moja|moje|mi|mío|mio|mia|meu|mea|wohne\w*)\b|\w+(?:عنواني|هاتفي)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;\n](?=\s|$)")


def is_of_an_office(text: str, start: int) -> bool:
    """Whether what begins at a place belongs to an office that its sentence names just before it,
    rather than to a person."""
    before = text[max(0, start - _NEAR) : start]
    ends = [end.end() for end in _SENTENCE_END.finditer(before)]
    before = before[ends[-1] :] if ends else before
    offices = list(OFFICES.finditer(before))
    return bool(offices) and not _OWN.search(before, offices[-1].end()) and not _OWN.search(before)
