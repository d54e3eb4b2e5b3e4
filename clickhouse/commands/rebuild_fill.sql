-- Fills it by the view's own definition; the month is chosen by the setting additional_table_filters.
INSERT INTO {scratch:Identifier} {select:Statement};
