ALTER TABLE "network_node" ADD COLUMN "max_demand_winter_on" date;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "max_demand_summer_on" date;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "max_demand_winter_method" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "max_demand_summer_method" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "max_demand_winter_confidence" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "max_demand_summer_confidence" text DEFAULT 'unknown' NOT NULL;