CREATE TABLE "data_provider" (
	"provider_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text,
	CONSTRAINT "data_provider_name_unique" UNIQUE("name")
);
