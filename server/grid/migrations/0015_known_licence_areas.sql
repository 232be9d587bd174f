INSERT INTO "dno_group" ("code", "name") VALUES
	('SSEN', 'Scottish and Southern Electricity Networks'),
	('UKPN', 'UK Power Networks');
--> statement-breakpoint
INSERT INTO "licence_area" ("code", "name", "group_code") VALUES
	('EPN', 'Eastern Power Networks', 'UKPN'),
	('LPN', 'London Power Networks', 'UKPN'),
	('SEPD', 'Southern Electric Power Distribution', 'SSEN'),
	('SHEPD', 'Scottish Hydro Electric Power Distribution', 'SSEN'),
	('SPN', 'South Eastern Power Networks', 'UKPN');
