CREATE TABLE "brake" (
	"key" text PRIMARY KEY NOT NULL,
	"used_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "brake_used_until" ON "brake" USING btree ("used_until");