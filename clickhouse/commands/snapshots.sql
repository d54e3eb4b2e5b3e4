-- Databases that earlier verifications made, of {prefix:String}.
SELECT name FROM system.databases WHERE startsWith(name, {prefix:String}) ORDER BY name;
