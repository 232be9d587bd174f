CREATE TABLE "driver_link" (
	"link_id" uuid PRIMARY KEY NOT NULL,
	"driver_id" text NOT NULL,
	"token_digest" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "driver_link_token_digest_unique" UNIQUE("token_digest")
);
--> statement-breakpoint
CREATE TABLE "driver_person" (
	"driver_id" text PRIMARY KEY NOT NULL,
	"sealed_person" text,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"erased_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "driver_wish" (
	"wish_id" uuid PRIMARY KEY NOT NULL,
	"driver_id" text NOT NULL,
	"vehicle_id" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"ready_at" timestamp with time zone,
	"target_percent" double precision,
	"transaction_id" integer,
	"ends_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "home_bid" (
	"bid_id" uuid PRIMARY KEY NOT NULL,
	"depot_id" text NOT NULL,
	"product" text NOT NULL,
	"window_from" timestamp with time zone NOT NULL,
	"window_to" timestamp with time zone NOT NULL,
	"cost_gbp_per_mwh" double precision NOT NULL,
	"turn_down_w" integer NOT NULL,
	"reliability" double precision NOT NULL,
	"offered_w" integer NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"explanation" text
);
--> statement-breakpoint
CREATE TABLE "home_location" (
	"vehicle_id" text NOT NULL,
	"month" text NOT NULL,
	"driver_id" text,
	"lsoa" text,
	"nights" integer NOT NULL,
	"nights_seen" integer NOT NULL,
	"nights_excluded" integer NOT NULL,
	"confidence" text NOT NULL,
	"computed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "home_location_vehicle_id_month_pk" PRIMARY KEY("vehicle_id","month")
);
--> statement-breakpoint
CREATE TABLE "home_response" (
	"depot_id" text NOT NULL,
	"identity" text NOT NULL,
	"window_from" timestamp with time zone NOT NULL,
	"window_to" timestamp with time zone NOT NULL,
	"vehicle_id" text,
	"outcome" text NOT NULL,
	"expected_wh" double precision NOT NULL,
	"drawn_wh" double precision NOT NULL,
	CONSTRAINT "home_response_depot_id_identity_window_from_pk" PRIMARY KEY("depot_id","identity","window_from")
);
--> statement-breakpoint
CREATE TABLE "vehicle_night" (
	"vehicle_id" text NOT NULL,
	"night" date NOT NULL,
	"place" text NOT NULL,
	"is_excluded" boolean NOT NULL,
	"readings" integer NOT NULL,
	CONSTRAINT "vehicle_night_vehicle_id_night_place_pk" PRIMARY KEY("vehicle_id","night","place")
);
--> statement-breakpoint
CREATE INDEX "driver_link_driver" ON "driver_link" USING btree ("driver_id");--> statement-breakpoint
CREATE INDEX "driver_wish_vehicle" ON "driver_wish" USING btree ("vehicle_id","ends_at");--> statement-breakpoint
CREATE INDEX "home_bid_window" ON "home_bid" USING btree ("depot_id","window_from");--> statement-breakpoint
CREATE INDEX "home_response_time" ON "home_response" USING btree ("depot_id","window_from");