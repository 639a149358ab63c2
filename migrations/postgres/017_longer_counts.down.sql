drop trigger tr_lead_counts_update on lead_counts;
drop trigger tr_lead_counts_insert on lead_counts;
drop function add_to_longer_counts();
delete from lead_counts where grain_s > 86400;
