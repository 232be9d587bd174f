CREATE SEQUENCE "public"."assignment_revision" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "point_map" (
	"name" text PRIMARY KEY NOT NULL,
	"points" jsonb NOT NULL,
	"revision" bigint DEFAULT nextval('assignment_revision') NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "tls_name" text;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "dials_in" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "point_map_name" text;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "point_overrides" jsonb;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "revision" bigint DEFAULT nextval('assignment_revision') NOT NULL;--> statement-breakpoint
ALTER TABLE "hub" ADD CONSTRAINT "hub_point_map_name_point_map_name_fk" FOREIGN KEY ("point_map_name") REFERENCES "public"."point_map"("name") ON DELETE no action ON UPDATE no action;