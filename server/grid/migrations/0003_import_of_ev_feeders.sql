-- The part of the import that flows on the feeders of charge points: the rest is the building, on which an implied limit stands.
ALTER TABLE "connection_import" ADD COLUMN "ev_w" double precision;
