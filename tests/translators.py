"""A browser's own translator, there and not there: scripts that run before a page's."""

NO_TRANSLATOR = "delete globalThis.Translator;"
TRANSLATOR = """globalThis.Translator = {
    availability: async () => "available",
    create: async ({ targetLanguage }) => ({
        translate: async (text) => `${targetLanguage}: ${text.length}`,
    }),
};"""
