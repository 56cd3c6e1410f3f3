"""What citizens see: the page `/ask`, the page of a source, the widget's texts, feedback."""
