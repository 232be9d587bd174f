CREATE TABLE "installation" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"environment" text NOT NULL,
	CONSTRAINT "installation_one_row" CHECK ("installation"."is_only")
);
