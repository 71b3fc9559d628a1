"""Switches of the language; all of them are the dialect's normal behaviour or have no effect here."""


class _Feature:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"_Feature({self.name!r})"


annotations = _Feature("annotations")
division = _Feature("division")
absolute_import = _Feature("absolute_import")
print_function = _Feature("print_function")
unicode_literals = _Feature("unicode_literals")
generator_stop = _Feature("generator_stop")
with_statement = _Feature("with_statement")
nested_scopes = _Feature("nested_scopes")
generators = _Feature("generators")
barry_as_FLUFL = _Feature("barry_as_FLUFL")
