-- Where a half-hour of a connection comes from: until now hubs were the only source.
ALTER TABLE "connection_half_hour" ADD COLUMN "source" text DEFAULT 'measured' NOT NULL;
--> statement-breakpoint
ALTER TABLE "connection_half_hour" ADD CONSTRAINT "connection_half_hour_source" CHECK ("source" IN ('measured', 'synthetic'));
--> statement-breakpoint
-- A demo's history is made up, and says so.
ALTER TABLE "node_half_hour" DROP CONSTRAINT "node_half_hour_source";
--> statement-breakpoint
ALTER TABLE "node_half_hour" ADD CONSTRAINT "node_half_hour_source" CHECK ("source" IN ('measured', 'uploaded', 'synthetic'));
