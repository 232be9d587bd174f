CREATE TABLE "metering_start" (
	"id" integer PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL
);
