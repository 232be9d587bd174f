CREATE TABLE "dno_group" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "licence_area" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"group_code" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "licence_area" ADD CONSTRAINT "licence_area_group_code_dno_group_code_fk" FOREIGN KEY ("group_code") REFERENCES "public"."dno_group"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "licence_area_group" ON "licence_area" USING btree ("group_code");