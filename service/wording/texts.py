"""Everything that is said to citizens, by name, in English."""

from __future__ import annotations

from enum import Enum, StrEnum


class Text(StrEnum):
    """Everything that is said to citizens, in English; braces hold values."""

    # Answers
    LEAD = "The documents say:"
    LEAD_OF_TOWN = "The documents of {town} say:"
    UNSURE = "I am not sure that this answers your question."
    GERMAN_IS_BINDING = "The documents are in German. Only the German text is legally binding."
    FOR_DAY = "This answer is for {date}."
    NOT_IN_DOCUMENTS = (
        "I found nothing certain about this in the documents. Here you can get help: {contact}."
    )
    DEFAULT_CONTACT = "the public service number 115"
    OTHER_TOWN = (
        "{place}: this site has no documents from there. Please ask the local office there."
    )
    NEEDS_TOWN = "The answer is not the same everywhere. Which town do you mean? {towns}"
    OUT_OF_SCOPE = (
        "I only answer questions about public offices, their services and rules. "
        "Please ask me about those."
    )
    NO_MEDICAL_ADVICE = (
        "I cannot give medical advice. Please ask a doctor; outside surgery hours call 116117. "
        "If a life is in danger, call 112."
    )
    NO_LEGAL_ADVICE = (
        "I cannot advise you on your own legal case. Please ask a lawyer or an advice centre."
    )
    NO_PERSONAL_DATA = (
        "I know nothing about individual people or applications. Here you can get help: {contact}."
    )
    GREETING = "Hello! What would you like to know about public offices, their services and rules?"
    THANKS = "You are welcome. You can ask another question at any time."
    EMERGENCY = (
        "If you or someone else is in danger, call now: 112 for the fire brigade and ambulance, "
        "110 for the police. The calls are free. "
        "Someone will also listen to you day and night, free of charge: "
        "0800 1110111 (Telefonseelsorge, when you can no longer cope) and "
        "116016 (help for women who experience violence, in many languages)."
    )
    REFUSED = (
        "I cannot do that. Please ask a question about public offices, their services and rules."
    )

    # Errors
    QUESTION_EMPTY = "Please type your question in words."
    QUESTION_TOO_LONG = "Your question is too long. Please use at most {limit} characters."
    TOO_MANY_REQUESTS = "Too many questions at once. Please wait a moment and try again."
    NOT_READY = "The service is just starting. Please try again in a moment."
    TOWN_UNKNOWN = "There are no documents from a town with this name here."
    TOWN_AMBIGUOUS = "Several towns have this name. Please choose one: {towns}"
    DOCUMENT_WITHDRAWN = "This document was withdrawn; it no longer applies."
    FAILED = "Something went wrong on our side. Please try again later."
    NOTHING_HERE = "There is nothing at this address."
    NOT_UNDERSTOOD = "This request could not be understood. Please try again."

    # The page
    SKIP_LINK = "Skip to content"
    HEADING = "Ask your public office"
    INTRODUCTION = "The answers are taken word for word from official documents."
    INTRODUCTION_WITH_MODEL = (
        "A machine writes the answers from official documents. "
        "Below each answer you see where it stands."
    )
    QUESTION_LABEL = "Your question"
    QUESTION_HINT = "For example: How much is the dog tax? Please do not enter personal data."
    TOWN_LABEL = "Town or municipality"
    NO_TOWN = "not chosen"
    LANGUAGE_LABEL = "Language"
    ASK = "Ask"
    ASK_AGAIN = "Ask another question"
    ANSWER_HEADING = "Answer"
    SOURCES_HEADING = "Sources"
    RELATED_HEADING = "More on this"
    SOURCE = "Source {number}"
    PAGE = "page {number}"
    AS_OF = "as of {date}"
    IN_FORCE_FROM = "in force from {date}"
    IN_FORCE_UNTIL = "in force until {date}"
    PUBLISHED_ON = "published on {date}"
    COMING_HEADING = "What will change"
    FROM_DAY = "From {date}:"
    OPEN_ORIGINAL = "Open the original"
    MADE_BY_MACHINE = "Did a machine write this answer?"
    MADE_OF_SENTENCES = "No. These are sentences from the documents, word for word."
    MADE_BY_PEOPLE = (
        "No. The office wrote and approved this answer. "
        "Sentences of laws below it are quoted word for word."
    )
    MADE_BY_MODEL = "Yes, from the documents that are named. Please check the sources."
    BROKEN_OFF = "The answer broke off here. You will find more in the sources."

    # The page /ask
    ASKED_HEADING = "You asked"
    PERSONAL_DATA_SEEN = (
        "Please leave out names, addresses and numbers of persons. "
        "An answer does not need them, and they were not kept."
    )
    NEXT_QUESTION = "Your next question"
    NEXT_HINT = "It may go on from the last one, for example: And for the second dog?"
    PREVIOUS_QUESTION = "Your previous question:"
    START_ANEW = "Start anew"
    ONE_MOMENT = "One moment, please. I am looking in the documents."
    CONTACT_HEADING = "Here you can get help"
    OPENING_HOURS = "Opening hours"
    HELPFUL_QUESTION = "Was this helpful?"
    YES = "Yes"
    NO = "No"
    WORD_LABEL = "Tell us more, if you like"
    WORD_HINT = "Please write nothing about persons. A text with personal data is not kept."
    FEEDBACK_THANKS = "Thank you. That helps us to get better."
    WORD_DROPPED = (
        "Your text was not kept, because there may be personal data in it. Your yes or no counts."
    )
    IMPRINT = "Legal notice"
    PRIVACY = "Privacy"
    ACCESSIBILITY = "Accessibility"
    NEW_TAB = "opens in a new tab"
    TRANSLATE = "Translate this text"
    TRANSLATING = "Translating …"
    MACHINE_TRANSLATION = "Translated by machine on your device. It may be wrong."
    TRANSLATION_FAILED = "The translation did not work. Please try again."
    SUGGESTIONS = "Suggestions"

    # The widget
    WIDGET_UNAVAILABLE = "Not available right now."
    CLOSE = "Close"
    UNREACHABLE = "There is no connection at the moment. Please try again."
    CONNECTION_LOST = "The connection broke off. The answer is not complete."
    TRY_AGAIN = "Try again"
    WIDGET_NOT_ALLOWED = "Questions cannot be asked on this website. Please ask them here:"

    # The page of a source
    PAGE_OF = "Page {number} of {count}"
    PICTURE_OF_PAGE = "Picture of page {number} of {count}"
    PASSAGE_MARKED = "The quoted passage is marked."
    PASSAGE_NOT_MARKED = "The quoted passage is marked in the text only."
    PASSAGE_MISSING = "The quoted passage is not on this page."
    PASSAGE = "Quoted passage:"
    NO_PICTURE = "There is no picture of this page at the moment."
    PAGE_TEXT = "The text of this page"
    DOCUMENT_TEXT = "The text of the document"
    NO_PAGE_TEXT = "No text could be read on this page."
    ENLARGE = "Enlarge the picture"
    PAGES_OF_DOCUMENT = "Pages of this document"
    PREVIOUS_PAGE = "Previous page"
    NEXT_PAGE = "Next page"
    BACK_TO_ANSWER = "Back to the answer"

    # The page /transparency
    TRANSPARENCY = "How this service works"
    RESPONSIBLE = "Who is responsible"
    PURPOSE = "What it is for"
    PURPOSE_SAID = (
        "It answers questions about public offices, their services and rules from official "
        "documents. It decides nothing about anybody."
    )
    WORKING = "How an answer comes about"
    WORKING_SAID = (
        "The question is compared with the passages of the documents. The sentences that answer "
        "it are shown word for word, with the place where they stand. Where there is nothing "
        "certain, the answer says so."
    )
    WORKING_WITH_MODEL = (
        "A language model may put these sentences into other words. Each of its sentences is "
        "checked against the documents; one that fails is not shown."
    )
    DATA_USED = "Which data it uses"
    DOCUMENTS_USED = "Documents in use: {count}"
    QUESTIONS_NOT_KEPT = "Questions are not kept; it is only counted how they end."
    QUESTIONS_KEPT = (
        "Questions that are asked often or stay without an answer may be kept, unless there seems"
        " to be personal data in them."
    )
    MODELS_USED = "Which models it uses"
    SEARCH_MODEL = "Search"
    LANGUAGE_MODEL = "Language model"
    NO_LANGUAGE_MODEL = "None. The answers are sentences of the documents or of the office."
    HUMAN_CONTROL = "How people keep control"
    HUMAN_CONTROL_SAID = (
        "People at the office choose the documents, can look at changes before they are shown, "
        "and can take them back. You can always ask a person instead."
    )
    RISKS = "What can go wrong"
    RISKS_SAID = (
        "An answer may be incomplete or not fit your case, and a document may be out of date. "
        "That is why each answer names its sources and their dates. If much depends on it, please"
        " ask the office."
    )
    RISKS_WITH_MODEL = (
        "A language model may word something wrongly, although each of its sentences is checked. "
        "What counts is what the documents say."
    )
    FIGURES = "How good the answers are"
    MEASURED = "Measured on {date} with {count} questions whose answers are known"
    RIGHT_ENDING = "rightly answered or rightly refused"
    RIGHT_CITATION = "right place cited"
    EXACT_NUMBERS = "right numbers named"
    VERBATIM_QUOTES = "quotes word for word"
    NOT_MEASURED = "This has not been measured here yet."
    LEGAL_BASIS = "Legal basis"
    NOT_STATED = "The office has not stated this."

    # The reply of the front desk
    REPLY_SUBJECT = "Your question to our office"
    REPLY_SALUTATION = "Hello,"
    REPLY_CONTACT = "If you have more questions: {contact}"
    REPLY_CLOSING = "Kind regards"


class Counted(Enum):
    """What is said of a number of things, in English: of one, of several."""

    SUGGESTED = ("{number} suggestion", "{number} suggestions")
