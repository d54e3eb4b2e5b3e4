-- Fails where {statement:String} does not parse; needs neither its tables nor its parameters.
SELECT formatQuery({statement:String}) AS formatted;
