-- An empty table like the view's target.
CREATE TABLE {scratch:Identifier} AS {target:Identifier};
