"""The editor's pages, `/editor`: documents, versions, approved answers, what citizens ask."""
