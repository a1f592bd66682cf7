<?php
// Fills the site's database and prints an application password of its administrator.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('SITE'), PHP_URL_HOST);
require $argv[1] . '/wp-load.php';
require $argv[1] . '/wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', fn() => true);
wp_install('Peer', 'admin', 'admin@example.test', true, '', 'admin-pw');
foreach (['ben' => 'author', 'cho' => 'contributor'] as $name => $role) {
    wp_insert_user(['user_login' => $name, 'user_pass' => "$name-pw", 'role' => $role, 'user_email' => "$name@example.test"]);
}
foreach (['ben', 'cho'] as $name) {
    $user = get_user_by('login', $name);
    echo WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'softfactory'])[0], "\n";
}
