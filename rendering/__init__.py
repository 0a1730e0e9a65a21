"""From rows and grants to what a person sees."""
