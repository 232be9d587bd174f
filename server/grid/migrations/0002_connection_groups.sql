CREATE TABLE "connection_group" (
	"group_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"node_id" text NOT NULL,
	CONSTRAINT "connection_group_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "connection_group_member" (
	"group_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	CONSTRAINT "connection_group_member_group_id_connection_id_pk" PRIMARY KEY("group_id","connection_id")
);
--> statement-breakpoint
ALTER TABLE "connection_group" ADD CONSTRAINT "connection_group_node_id_network_node_node_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."network_node"("node_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_group_member" ADD CONSTRAINT "connection_group_member_group_id_connection_group_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."connection_group"("group_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_group_member" ADD CONSTRAINT "connection_group_member_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;